"""Lists that telling names from words needs, folded as names are.

Sources: the forms of address and particles of the traditions in `tests/flows/names.toml`; for the words that are names
as well, those of the commonest surnames of England, the United States, Spain, Germany and Turkey which a child writes
in other meanings. A word that is missing here is matched wherever it stands, which errs on the safe side.
"""

from __future__ import annotations

from typing import Final

from flows.names.folding import fold


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(fold(" ".join(lines)).split())


#: Forms of address that are no part of a name, in the languages of the catalogues.
TITLES: Final = _listed(
    "mr mrs ms miss mx dr doctor prof professor sir madam madame coach",
    "senor senora senorita sr sra srta don dona profe profesor profesora",
    "استاذ استاذه الاستاذ الاستاذه السيد السيده انسه الانسه مس مستر دكتور دكتوره الدكتور الدكتوره",
)

#: Further ones that a text may put before a name; some are names as well, so that they are left in a reader's name.
ADDRESSES: Final = TITLES | _listed(
    "mister missus missis missy mistress maam teacher headteacher nurse rev reverend imam sister",
    "sheikh shaikh ustad ustaz ustaadh",
    "seno maestro maestra director directora senhor senhora monsieur mme mlle",
    "herr frau fru froken fraulein meneer mevrouw juf juffrouw meester",
    "pan pani пан пані pana panu",
    "shri smt sri malam mallam mallama alhaji hajiya oga macallin macalin macallimad thay co thua",
    "معلم معلمه المعلم المعلمه شيخ الشيخ ابله ميس",
    "מר גברת גב המורה מורה הרב",
)

#: Those that are also said without a name ("miss will tell my mum"): a word that follows is a name only if it looks it.
SAID_ALONE: Final = _listed(
    "miss sir madam madame maam coach doctor professor teacher headteacher nurse sister profe profesor profesora",
    "maestro",
    "maestra director directora senora senor don co pan seno",
)

#: Forms of address that stand behind a name.
ADDRESSES_BEHIND: Final = _listed(
    "sir madam maam miss teacher ji saab sahib bhai bey hanim hoca hocam ogretmen san sensei ssi seonsaengnim laoshi"
)

#: Those that are typed in one with the name ("MrBell").
RUN_IN: Final = ("mister", "missus", "mrs", "miss", "mr", "ms", "mx", "dr", "sir", "prof", "coach", "senora", "senor")

#: Parts of surnames that stand in ordinary sentences, or before so many surnames that alone they name nobody.
PARTICLES: Final = _listed(
    "de da di do dos das del della dello la le las les los of the y e i du des af av zu zum zur",
    "van von der den ter ten te vander vanden bin bint ibn ben bat bar al el ul ur ud ad an as ash abd abdul abdel",
    "abdal",
    "o mc mac ni nic st saint fitz ap ab ferch abu umm um nga wa бен",
    "بن بنت ابن عبد ابو ام ال אל בן בת",
)

#: What surnames begin with in one word as well as parted from the rest ("McDonald", "Mc Donald").
FRONTS: Final = (
    *(
        "vander",
        "vanden",
        "abdul",
        "abdel",
        "abdal",
        "saint",
        "della",
        "fitz",
        "abd",
        "abu",
        "mac",
        "van",
        "von",
        "ben",
    ),
    *("bin", "ibn", "del", "der", "den", "ter", "mc", "st", "al", "el", "de", "di", "da", "du", "la", "le", "ap", "o"),
    *("d", "m", "n", "عبد", "ابو", "ال", "بن", "בן"),
)

#: Particles with which what follows makes one name, and is none alone: عبد الله, St John.
BINDING: Final = _listed("عبد st saint abd")

#: Letters that Arabic and Hebrew write onto the front of a word: and, so, with, to, as, from, that.
ARABIC_FRONTS: Final = ("", "و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فل")
HEBREW_FRONTS: Final = ("", "\u05d5", "ה", "ב", "ל", "מ", "ש", "כ", "ול", "וה", "של", "ומ", "וש")

#: Family names that are written first in China, Korea and Vietnam: such a first word is no given name.
FAMILY_FIRST: Final = _listed(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng",
    "feng",
    "kim lee park choi jung jeong kang cho yoon jang lim han oh seo shin kwon hwang ahn",
    "nguyen tran pham hoang huynh phan vu vo dang bui ngo duong ly",
)

#: Names that are words of grammar, or that a sentence writes with a capital: only a title or more of the name tells.
GRAMMAR: Final = _listed(
    "a an the i he she you we they it his her hers him me my mine your our us them this that these those who what",
    "when",
    "where why how will may can could would should must might shall do does did done has had have is am are was were",
    "be",
    "been being not no yes oh ah ha ho hi hey so to too in on at of off for from with by as if or and but than then",
    "thus",
    "there here up down out over under all any some one two ten each only just very also always almost already alone",
    "although more most less much many such same own other ever never now go goes gone went get got say said says saw",
    "see",
    "seen tell told ask come came give gave take took make made know knew think want let put keep like need hung dung",
    "tan",
    "um ok im ive id ill well good again",
    "january march april may june july august september october november december monday tuesday wednesday thursday",
    "friday saturday sunday easter english french german irish welsh polish scottish british london england",
    "yo tu el la lo los las le les mi su sus se un una de del al y e o u si que como por para con sin mas muy ya es",
    "son",
    "fue ser era hay voy va vas leal des du et je il elle on nous vous mon ma mes ce pas der die das ein und ich er",
    "sie",
    "علي عن من في الي ان انا هو هي لي له لها الله كل لا ما يا مع كان وعلي فعلي",
)

#: Names that are adjectives, verbs, or nouns that take no article.
ORDINARY: Final = _listed(
    "young long little rich best better short small strong sharp swift smart bright brown black white green gray grey",
    "blue",
    "red gold silver hope grace joy faith love rose mark bless case church college court cross day early east west",
    "north",
    "south fair fine free flood frost gay hard hardy hart high holy jolly kind law light lovely loving low luck manly",
    "merry",
    "moody music new nice noble old peace power price pride quick rain read rice rush savage save self sleep snow",
    "story",
    "strange street summer winter spring autumn sweet trust truth way white wild wise wish wood word work world worth",
    "worry",
    "chance cash cope dear drew flowers friend grand grant great house hunt ice keen large lie lord main moon pain",
    "patience",
    "pay play pray quiet ray rest rob root sand school silence sorrow speed stay still storm swallow tall thin",
    "time touch tough trick true walk wall waters weeks wells while win wing woods workman art bill dawn eve guy jack",
    "max",
    "miles pat ruby sandy sky skye sue penny angel star daisy lily ivy amber violet pearl iris heather hazel jade",
    "crystal",
    "ginger chase skip rod nick will bob dick gene holly",
    "paz luz sol mar amor dolores mercedes consuelo esperanza alegria feliz alegre bueno bravo blanco rubio moreno",
    "delgado",
    "calvo cano mayor menor santos petit grand blanc noir klein lang gross kurz schwarz weiss frei",
    "شكر سلام شلام שלום חיים טוב דוד אור",
)

#: Names that are things or people that can be counted: without an article or the like before it, the word is a name.
NOUNS: Final = _listed(
    "bell king ball hall field fields bush park bishop knight fox wolf bird lamb bull berry bond book brook lake pool",
    "lane",
    "castle head guest judge sergeant page stone marsh hill hills forest garden gate gates key keys lock door rivers",
    "river",
    "bridge banks bank bean beans apple pepper post pond pope priest prince queen duke earl abbot hunter fisher",
    "farmer",
    "shepherd baker butler cook gardener driver porter singer chambers crow drake finch hawk swan parrot robin martin",
    "pike",
    "salmon bass fish seal lion tiger bear buck stag rabbit box branch bloom leaf thorn moss reed seed bone bones",
    "foot hand",
    "hands arm body brain heart tooth beard coat cotton hat hood glass table bench bed lamp candle ring jewel crown",
    "pound",
    "rock clay cliff dale glen heath moor mount meadow major general captain class match story potter mason carpenter",
    "summers winters nightingale partridge piper plant pitt pollard poole temple tower towers vale ward wheel",
    "flores cruz rey reyes rosa iglesias torre torres casas campos prado luna rio rios vega leon lobo cordero toro",
    "gallo",
    "pastor herrero guerra caballero conde marques",
    "konig fuchs hahn vogel koch bauer richter stein berg sommer herbst",
    "kaya demir yildiz kaplan aslan celik sahin deniz umut gul gunes",
    "سعيد جميل كريم حسن نور امل حكيم عزيز حبيب امين شريف",
)

#: Words, of those three lists, by which a person is called as well: a given name alone (decision 39).
CALLED_BY: Final = _listed(
    "will may april june august hung dung tan an علي وعلي فعلي",
    "hope grace joy faith rose mark art bill bob dick gene holly rob sue penny jack max pat ruby sandy sky skye eve",
    "dawn daisy lily ivy amber violet pearl iris heather hazel jade crystal ginger chase rod nick guy drew ray angel",
    "star miles patience chance summer autumn winter bless mercy blue gray grey",
    "paz luz sol mar amor dolores mercedes consuelo esperanza alegria",
    "robin martin finch glen dale heath cliff clay reed hunter mason piper carpenter jewel rosa luna leon cruz vega",
    "kaya demir yildiz aslan sahin deniz umut gul gunes",
    "شكر سلام سعيد جميل كريم حسن نور امل حكيم عزيز حبيب امين شريف שלום חיים דוד אור",
)

#: What a lead writes of somebody whose name is not known, or before a name: by itself it names nobody.
RELATIONS: Final = _listed(
    "mum mummy mom mommy mother mam dad daddy father aunt auntie aunty uncle nan nana gran granny grandma grandad",
    "granddad grandpa grandmother grandfather brother step stepmum stepdad stepmother stepfather foster baby boy girl",
    "child kid pupil student friend cousin neighbour neighbor parent carer son daughter wife husband partner",
    "madre mama padre papa tia tio abuela abuelo hermana hermano nino nina chico chica amigo amiga primo prima hijo",
    "hija ام اب اخ اخت عم عمه خال خاله جد جده والد والده طفل طفله ولد بنت صديق صديقه",
)

#: What stands before a thing and not before a name.
ARTICLES: Final = _listed(
    "the a an this that these those my your his her our their its every each no any some one two another which what",
    "first",
    "last next old new big little small loud whole school fire church front back door car play so too very how not",
    "el la los las un una unos unas mi mis tu tus su sus este esta ese esa muy le les une des du ce der die das den",
    "dem ein",
    "eine einen kein keine bir bu su cok",
    "انا غير لست مش مو كنت شيء يوم وقت مكان جدا هذا هذه",
)

#: Those behind which every thing is written with a capital.
GERMAN_ARTICLES: Final = _listed("der die das den dem des ein eine einen einem einer kein keine")

#: What somebody does, behind an ordinary word that is then a name ("young hit me").
VERBS: Final = _listed(
    "hit hits hurt hurts is was has had said says told tells made makes took takes kept keeps gave gives got gets",
    "shouts",
    "kicks slaps grabs pushes touches calls me pego pega grita grito dijo dice esta toca toco hace hizo",
)

#: What a name is told by.
CALLED: Final = _listed("called named llamado llamada llama nombre surname mister اسمه اسمها")


def is_common(word: str) -> bool:
    """Return whether a name is a word as well."""
    return word in GRAMMAR or word in ORDINARY or word in NOUNS
