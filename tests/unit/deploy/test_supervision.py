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


def test_stores_start_with_the_supervisor_and_work_waits_to_be_told() -> None:
    store = Program(name="valkey", half=STORES, command=("valkey-server",))
    config = read(configuration(LAYOUT, [store, *work()]))
    starts = {s: config[s]["autostart"] for s in config.sections() if s.startswith("program:")}
    assert starts["program:valkey"] == "true"
    assert {v for s, v in starts.items() if s != "program:valkey"} == {"false"}


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
