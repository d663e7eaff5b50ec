import configparser
from pathlib import Path

from deploy.stack.layout import Layout
from deploy.stack.programs import STORES, Program, work
from deploy.stack.supervisor import configuration

LAYOUT = Layout(data=Path("/srv/50% done/data"), run=Path("/srv/50% done/data/run"))


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=(" ;",))
    parser.read_string(text)
    return parser


def test_whatever_dies_is_started_again_but_nothing_starts_untold() -> None:
    config = read(configuration(LAYOUT, work()))
    programs = [config[name] for name in config.sections() if name.startswith("program:")]
    assert {program["autorestart"] for program in programs} == {"true"}
    assert {program["autostart"] for program in programs} == {"false"}


def test_work_is_stopped_before_the_stores_it_stands_on() -> None:
    store = Program(name="valkey", half=STORES, command=("valkey-server",))
    config = read(configuration(LAYOUT, [store, *work()]))
    assert int(config["group:work"]["priority"]) > int(config["group:stores"]["priority"])


def test_a_percent_sign_in_a_path_is_no_instruction() -> None:
    config = read(configuration(LAYOUT, work()))
    assert config["supervisord"]["logfile"] == "/srv/50%% done/data/logs/supervisor.log"


def test_mail_yields_the_processor_to_planning() -> None:
    niceness = {program.name: program.niceness for program in work()}
    assert niceness["telling"] > niceness["planning"]


def test_a_deep_data_folder_keeps_its_sockets_in_a_short_one(tmp_path: Path) -> None:
    deep = Layout.of(tmp_path / ("a" * 60) / ("b" * 60))
    assert len(str(deep.sockets / ".s.PGSQL.5432")) <= 107
    assert Layout.of(Path("/srv/remit")).run == Path("/srv/remit/run")
