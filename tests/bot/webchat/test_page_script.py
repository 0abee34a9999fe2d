"""The page's modules joined into one script: in order, each once, and nothing that would come out different."""

import pytest

from bot.webchat.http.page_bundle import join_modules

A = 'import * as words from "./b.js";\nimport {\n  one as first,\n  two,\n} from "./c.js";\nfirst(words.say(two));\n'
B = 'import { two } from "./c.js";\nexport function say(text) {\n  return text + two;\n}\n'
C = "export async function one() {}\nexport const two = 2;\nexport class Three {}\nconst hidden = 3;\n"


def test_what_is_imported_comes_first_and_once() -> None:
    script = join_modules("a", {"a": A, "b": B, "c": C}.__getitem__)
    assert script.startswith("const $c = (() => {\nasync function one() {}\nconst two = 2;\nclass Three {}\n")
    assert [line for line in script.splitlines() if line.startswith("return")] == [
        "return { one, two, Three };",
        "return { say };",
        "return {  };",
    ]
    assert script.index("const $c =") < script.index("const $b =") < script.index("const $a =")
    assert "const words = $b;\nconst {\n  one: first,\n  two,\n} = $c;\nfirst(words.say(two));\n" in script
    assert script.count("const $c =") == 1


@pytest.mark.parametrize(
    "source",
    [
        "export let spoken = 1;\n",
        "export default 1;\n",
        "export { one };\n",
        'import one from "./c.js";\n',
        'import "./c.js";\n',
        'import { one } from "https://example.org/c.js";\n',
        'const text = "</script>";\n',
        'import { say } from "./b.js";\n',
    ],
)
def test_what_cannot_be_joined_is_refused_at_the_start(source: str) -> None:
    modules = {"a": source, "b": 'import * as a from "./a.js";\nexport function say() {}\n', "c": C}
    with pytest.raises(ValueError, match=r"cannot be joined|imports itself"):
        join_modules("a", modules.__getitem__)
