"""The files of `deploy/`: what they name exists, and what they promise about safety is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from bot.deployment.data_directory.single_instance import SHARED
from bot.deployment.database_address import read_server
from bot.deployment.errors import UNUSABLE
from bot.updates.fetch import Pace
from bot.webchat.base.protocol import DOWNLOAD_BYTES, PAGE_POLL_SECONDS, UPLOADS_AT_ONCE, Bounds
from bot.webchat.http.greeting import Greetings
from bot.webchat.http.page_bundle import Bundle
from bot.webchat.http.page_files import header_setter, page_files
from bot.webchat.http.page_requests import JSON_BYTES
from bot.webchat.http.uploads import _LEEWAY
from storage.database.engines.engine import engine_for
from storage.database.migrate import migrate
from storage.values.errors import Unavailable
from tests.postgres import Server, own_server

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PASSWORD = "0f3b9c"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer"})


def unit(name: str) -> dict[str, list[str]]:
    """The lines of a unit by key, whatever their section."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / name).read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found[key].append(value)
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_takes_every_line_of_a_unit(path: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    here = tmp_path / path.name
    here.write_text(re.sub(r"/opt/hark/\.venv/bin/hark", "/bin/true", path.read_text("utf-8")))
    looked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True, check=False
    )
    assert [line for line in looked.stderr.splitlines() if path.name in line] == []


@pytest.mark.parametrize("name", [path.name for path in UNITS if path.suffix == ".service"])
def test_a_service_is_shut_in(name: str) -> None:
    service = unit(name)
    for key in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute"):
        assert service[key] == ["yes"], key
    assert service["ProtectSystem"] == ["strict"]
    assert service["User"] == ["hark"]
    assert service["LimitCORE"] == ["0"]
    assert service["MemorySwapMax"] == ["0"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["StateDirectoryMode"] == ["0700"]
    # Its output has an invite, or how many cases there are.
    assert service["StandardOutput"] == ["null"]


def test_the_service_may_finish_what_it_does() -> None:
    service = unit("hark.service")
    assert float(service["TimeoutStopSec"][0]) > Pace().drain + 2 * 5
    assert service["Restart"] == ["on-failure"]
    assert service["RestartPreventExitStatus"] == [str(UNUSABLE)]


def test_the_service_may_write_where_its_data_and_keys_lie_and_nowhere_else() -> None:
    service = unit("hark.service")
    given = dict(line.split("=", 1) for line in service["Environment"])
    data, keys = Path(given["HARK_DATA_DIR"]), Path(given["HARK_KEY_FILE"]).parent
    assert {data, keys} == {Path("/var/lib") / name for name in service["StateDirectory"][0].split()}
    assert data not in keys.parents


def test_the_service_locks_its_token_where_a_hark_outside_of_it_would_look() -> None:
    assert unit("hark.service")["ReadWritePaths"] == [f"-{SHARED[0]}"]


def test_the_nightly_copy_is_of_the_same_deployment_and_lies_in_a_folder_of_its_own() -> None:
    service, backup = unit("hark.service"), unit("hark-backup.service")
    assert backup["Environment"] == service["Environment"]
    folders = [Path("/var/lib") / name for name in backup["StateDirectory"][0].split()]
    [to] = re.findall(r"--to (\S+)", backup["ExecStart"][0])
    assert folders[:-1] == [Path("/var/lib") / name for name in service["StateDirectory"][0].split()]
    assert folders[-1] == Path(to)
    assert backup["ExecStartPost"][0].split()[1] == to
    assert unit("hark-backup.timer")["OnCalendar"]


def test_the_image_takes_every_folder_of_code_and_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    assert {path.split("/")[0] for path in copied} == {"bot", "handlers", "storage", "flows", "locales", "requirements"}
    assert all((ROOT / path).exists() for path in copied)
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in let_in if line.startswith("!")} == copied
    assert "USER hark" in lines
    assert any("--require-hashes" in line for line in lines)
    build = lines[: lines.index("", 1)]
    assert build[-1] == "RUN chmod -R a+rX ."  # what a strict umask closed, nobody in particular could not read


def test_the_images_health_check_asks_for_something_that_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    [asked] = re.findall(r"http://127\.0\.0\.1:8080(/\w+)'", text)
    routes = page_files(Bundle("", {}), Greetings())
    assert asked in {route.path for route in routes if isinstance(route, web.RouteDef)}


def test_the_container_cannot_change_itself_and_keeps_its_keys_apart(compose: dict[str, Any]) -> None:
    hark = compose["services"]["hark"]
    assert hark["read_only"] is True
    assert hark["cap_drop"] == ["ALL"]
    assert hark["security_opt"] == ["no-new-privileges:true"]
    assert int(hark["user"].split(":")[0]) > 0
    assert hark["ulimits"]["core"] == 0
    assert "ports" not in hark
    mounted = dict(reversed(volume.split(":")) for volume in hark["volumes"])
    assert mounted["/data"] != mounted["/keys"]
    assert set(mounted.values()) <= set(compose["volumes"])
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert "HARK_DATA_DIR=/data" in image
    assert "HARK_KEY_FILE=/keys/server.key" in image
    assert int(hark["stop_grace_period"].removesuffix("s")) > Pace().drain + 2 * 5


def test_the_database_of_its_profile_is_shut_in_and_hark_waits_for_it(compose: dict[str, Any]) -> None:
    database, hark = compose["services"]["postgresql"], compose["services"]["hark"]
    assert database["profiles"] == ["postgresql"]
    assert database["read_only"] is True
    assert database["cap_drop"] == ["ALL"]
    assert database["security_opt"] == ["no-new-privileges:true"]
    assert int(database["user"].split(":")[0]) > 0
    assert database["network_mode"] == "none"
    assert {"ports", "networks"}.isdisjoint(database)
    assert "pg_isready" in database["healthcheck"]["test"][1]
    assert hark["depends_on"]["postgresql"] == {"condition": "service_healthy", "required": False}
    volumes = dict(volume.split(":", 1) for volume in database["volumes"] if not volume.startswith("."))
    assert set(volumes) <= set(compose["volumes"])
    assert f"socket:{volumes['socket'].removeprefix('/var')}" in hark["volumes"]  # /var/run is /run


def test_the_database_gets_its_password_from_a_file_and_from_nowhere_else(compose: dict[str, Any]) -> None:
    given = compose["services"]["postgresql"]["environment"]
    assert given["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"
    assert "POSTGRES_PASSWORD" not in given
    assert {"--auth-local=peer", "--auth-host=scram-sha-256"} <= set(given["POSTGRES_INITDB_ARGS"].split())
    for name in ("hark", "postgresql"):
        assert compose["services"][name]["secrets"] == ["database_password"]
    assert compose["secrets"]["database_password"] == {"file": "${DATABASE_PASSWORD_FILE:-/dev/null}"}


def test_what_the_guide_writes_into_env_names_what_is_in_the_compose_file(compose: dict[str, Any]) -> None:
    guide = (ROOT / "docs" / "guides" / "when-one-file-is-not-enough.md").read_text("utf-8")
    written = dict(re.findall(r"^    ([A-Z_]+)=(\S+)$", guide, re.MULTILINE))
    assert written["COMPOSE_PROFILES"] in compose["services"]["postgresql"]["profiles"]
    assert (DEPLOY / written["DATABASE_PASSWORD_FILE"]).parent.parent == DEPLOY
    environ = {name: value for name, value in written.items() if name.startswith("HARK_")}
    assert set(environ) <= set(compose["services"]["hark"]["environment"])
    url, [target] = (
        environ["HARK_DATABASE_URL"],
        re.findall(r"socket:(\S+)", "\n".join(compose["services"]["hark"]["volumes"])),
    )
    assert url == f"postgresql+asyncpg://hark@/hark?host={target}"
    assert read_server(url, "") is not None
    assert (
        environ["HARK_DATABASE_PASSWORD_FILE"]
        == compose["services"]["postgresql"]["environment"]["POSTGRES_PASSWORD_FILE"]
    )


def test_the_image_has_the_client_programs_of_the_databases_version(compose: dict[str, Any]) -> None:
    """Debian's bookworm has those of 15: another version of either needs another one of the other."""
    image, dockerfile = compose["services"]["postgresql"]["image"], (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.fullmatch(r"postgres:15\.\d+-bookworm", image)
    assert "python:3.11-slim-bookworm" in dockerfile
    assert "--no-install-recommends postgresql-client" in dockerfile


async def test_hark_gets_a_role_without_rights_beyond_its_database_on_a_server_that_it_warns_of_nothing_about(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    made = compose["services"]["postgresql"]
    _, *options = made["command"]
    given = dict(option.removeprefix("-c").split("=", 1) for option in options)
    assert "--data-checksums" in made["environment"]["POSTGRES_INITDB_ARGS"]
    assert "POSTGRES_USER" not in made["environment"]
    assert "./database.sh:/docker-entrypoint-initdb.d/hark.sh:ro" in made["volumes"]
    async with own_server() as server:
        server.start(**given, autovacuum="on")
        await server.execute(f"CREATE DATABASE {made['environment']['POSTGRES_DB']}")
        _make_role(server, made["environment"]["POSTGRES_PASSWORD_FILE"], tmp_path / "password")
        await server.execute("SELECT pg_reload_conf()")
        address = f"postgresql+asyncpg://hark:{{}}@/hark?host={server.folder}"
        with pytest.raises(Unavailable):
            await migrate(address.format("another"))
        await migrate(address.format(PASSWORD))
        rights = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        assert await server.value(f"SELECT {rights} FROM pg_roles WHERE rolname = 'hark'") is False  # noqa: S608
        kind = engine_for(address.format(PASSWORD))
        reader = kind.open_readers()
        await kind.refuse_unfit(reader)
        async with reader.connect() as connection:
            assert await kind.warnings(connection) == ()
        await reader.dispose()


def _make_role(server: Server, named: str, password: Path) -> None:
    """Run what the image runs when it has made the server; the secret is not where the containers have it."""
    password.write_text(f"{PASSWORD}\n")
    script = (DEPLOY / "database.sh").read_text("utf-8")
    assert named in script
    environ = {
        "PATH": f"{server.programs}:/usr/bin:/bin",
        "PGHOST": str(server.folder),
        "PGUSER": "postgres",
        "PGDATA": str(server.folder / "data"),
    }
    subprocess.run(["bash", "-e", "-c", script.replace(named, str(password))], env=environ, check=True)


def test_the_containers_are_there_again_after_the_machine_was_restarted(compose: dict[str, Any]) -> None:
    """`on-failure` leaves away what ended in order, as everything does when a machine is shut down."""
    assert {service["restart"] for service in compose["services"].values()} == {"unless-stopped"}


def test_the_containers_overrule_nothing_that_the_settings_file_says(compose: dict[str, Any]) -> None:
    """A variable that is there wins, also an empty one: a school elsewhere would show British numbers."""
    given = compose["services"]["hark"]["environment"]
    assert {name for name, value in given.items() if value is not None} == {"HARK_PUBLIC_URL"}


def test_the_guide_keeps_what_every_command_of_compose_asks_for() -> None:
    """A variable that has to be set is asked for by `exec` and `restart` too, days later, in another shell."""
    required = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    guide = (ROOT / "docs" / "guides" / "a-practice-site-in-30-minutes.md").read_text("utf-8")
    [kept] = re.findall(r"printf '([^']+)' .* > deploy/\.env", guide)
    assert required == set(re.findall(r"(\w+)=", kept))


def test_what_the_containers_mount_from_this_folder_is_in_it(compose: dict[str, Any]) -> None:
    files = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service["volumes"]
        if volume.startswith(".")
    ]
    assert files
    assert all((DEPLOY / file).is_file() for file in files)
    assert (ROOT / "deploy" / compose["services"]["hark"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / compose["services"]["hark"]["build"]["dockerfile"]).is_file()


async def test_the_web_server_doubles_no_header_and_lets_through_what_hark_takes() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    said = web.Response()
    await header_setter(Bundle("", {}), embeddable=False)(None, said)  # type: ignore[arg-type] - the request is not looked at
    before_errors = text.partition("handle_errors")[0].lower()
    assert [name for name in said.headers if re.search(rf"^\s*[+]?{name.lower()}\s", before_errors, re.MULTILINE)] == []
    [limit] = re.findall(r"max_size (\d+)KB", text)
    assert JSON_BYTES < int(limit) * 1000 < 2 * JSON_BYTES
    [files] = re.findall(r"max_size (\d+)MB", text)
    assert DOWNLOAD_BYTES + _LEEWAY < int(files) * 1_000_000 < 1.1 * DOWNLOAD_BYTES
    assert re.findall(r"@(?:words|files) (.*)", text.partition("Hark sets")[0]) == [
        *("not path /api/upload */api/upload", "{", "path /api/upload */api/upload", "{"),
    ]
    assert text.count("{") == text.count("}")


def test_who_sends_slowly_is_cut_off_by_the_web_server_and_who_waits_for_an_answer_is_not() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    timeouts = dict(
        re.findall(r"^\s*(read_header|read_body|write|idle|response_header_timeout) (\w+)$", text, re.MULTILINE)
    )
    assert set(timeouts) == {"read_header", "read_body", "idle", "response_header_timeout"}
    assert int(timeouts["response_header_timeout"].removesuffix("s")) > 2 * PAGE_POLL_SECONDS
    assert re.search(r"max_header_size 16KB", text)


def test_a_flood_takes_no_more_memory_tasks_and_descriptors_than_hark_needs(compose: dict[str, Any]) -> None:
    service, container = unit("hark.service"), compose["services"]["hark"]
    high, most = (int(service[key][0].removesuffix("M")) for key in ("MemoryHigh", "MemoryMax"))
    derived = 2 * 64 + 2 * 19  # MiB: unlocks and receipts, two of each at once
    start, chats, files = 120, Bounds().all_chats_bytes // 2**20, Bounds().file_bytes // 2**20
    coming = UPLOADS_AT_ONCE * DOWNLOAD_BYTES // 2**20
    assert start + derived + chats + files + coming < high < most < 1000  # of the smallest server that the guide names
    assert container["mem_limit"] == container["memswap_limit"] == f"{most}m"
    assert int(service["TasksMax"][0]) == container["pids_limit"] >= 50
    assert int(service["LimitNOFILE"][0]) == container["ulimits"]["nofile"] >= Bounds().connections + 512
    assert set(compose["services"]["caddy"]) >= {"mem_limit", "pids_limit"}


def test_the_firewall_takes_its_file_and_leaves_a_whole_school_behind_one_address_in() -> None:
    text = (DEPLOY / "hark.nft").read_text("utf-8")
    assert "log" not in re.sub(r"#.*", "", text)
    assert min(int(one) for one in re.findall(r"(?:ct count over|burst) (\d+)", text)) >= 1000
    if shutil.which("nft") is None:
        pytest.skip("no nft on this machine")
    looked = subprocess.run(
        ["nft", "--check", "--file", str(DEPLOY / "hark.nft")], capture_output=True, text=True, check=False
    )
    if "Operation not permitted" in looked.stderr:
        pytest.skip("only root may ask the firewall")
    assert looked.returncode == 0, looked.stderr


def test_the_web_server_keeps_no_record_of_who_asked_for_what() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert re.findall(r"^\s*log\b.*", text, re.MULTILINE) == ["\tlog default {"]
    assert "exclude http.log.error http.handlers.reverse_proxy" in text
    assert "header_up -X-Forwarded-For" in text


def test_caddy_takes_its_file() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("no caddy on this machine")
    looked = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert looked.returncode == 0, looked.stderr


def test_the_command_takes_settings_as_the_service_does(tmp_path: Path) -> None:
    """Not as a shell would: a password may hold anything, and the file may come from another system."""
    settings = tmp_path / "hark.env"
    settings.write_bytes(
        b"# a comment = $(exit 1)\r\nHARK_TOKEN=1:abc\r\n\r\nHARK_SMTP_PASSWORD=a $HOME `b` 'c' # d = \xc3\xa9\r\n"
        b'HARK_PUBLIC_URL="https://a.example/"\nPATH=/nowhere\nHARK_WEB_HOST=\nHARK_X Y=1\nHARK_SMTP_FROM=a@b.example'
    )
    script = (DEPLOY / "hark").read_text("utf-8").replace("/etc/hark/hark.env", str(settings))
    script = script.replace("exec runuser -u hark -- /opt/hark/.venv/bin/hark", "exec env")
    ran = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=True
    )
    told = dict(line.split("=", 1) for line in ran.stdout.splitlines() if line.startswith("HARK_"))
    assert told == {
        "HARK_TOKEN": "1:abc",
        "HARK_SMTP_PASSWORD": "a $HOME `b` 'c' # d = é",
        "HARK_PUBLIC_URL": "https://a.example/",
        "HARK_WEB_HOST": "",
        "HARK_SMTP_FROM": "a@b.example",
        "HARK_DATA_DIR": "/var/lib/hark",
        "HARK_KEY_FILE": "/var/lib/hark-keys/server.key",
    }
