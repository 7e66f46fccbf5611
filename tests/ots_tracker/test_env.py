"""What the environment may say, and the one sentence it gets when it says something else."""

import os
import stat
import threading

import pytest

from ots_tracker import env


@pytest.fixture
def say(monkeypatch):
    """Set the variable THING; None takes it away."""

    def _say(value):
        if value is None:
            monkeypatch.delenv("THING", raising=False)
        else:
            monkeypatch.setenv("THING", value)

    return _say


def refusal(read, *arguments, **limits):
    with pytest.raises(env.BadValue) as refused:
        read("THING", *arguments, **limits)
    return str(refused.value)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_variable_that_says_nothing_leaves_the_default(say, nothing):
    say(nothing)

    assert env.text("THING", "default") == "default"
    assert env.integer("THING", 7, low=1, high=9) == 7
    assert env.hosts("THING", ["localhost"]) == ["localhost"]
    assert env.url("THING", schemes={"redis"}, like="redis://host") == ""
    assert env.database("THING") is None


@pytest.mark.parametrize("value", ["1", "80", " 8000 ", "65535"])
def test_a_whole_number_within_its_limits_is_taken(say, value):
    say(value)

    assert env.integer("THING", 1, low=1, high=65535) == int(value)


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "8_0", "8.5", "٨٠", "1e3", "9" * 5000])
def test_another_number_is_refused_with_its_limits(say, value):
    say(value)

    assert refusal(env.integer, 1, low=1, high=65535) == f'THING: expected a whole number from 1 to 65535, got "{value}".'


def test_hosts_are_separated_by_commas(say):
    say("tracker.example.org, .example.net,[::1],*,")

    assert env.hosts("THING", []) == ["tracker.example.org", ".example.net", "[::1]", "*"]


@pytest.mark.parametrize("value", ["https://example.org", "example.org:8000", "example org", "a.org,b.org/"])
def test_a_host_is_a_name_without_scheme_port_or_path(say, value):
    say(value)

    assert refusal(env.hosts, []).startswith("THING: expected host names without scheme or port")


@pytest.mark.parametrize("value", ["https://tracker.example.org", "http://localhost:8000/", "https://[::1]:8443"])
def test_an_address_is_kept_without_its_last_slash(say, value):
    say(value)

    assert env.url("THING", schemes={"http", "https"}, like="https://tracker.example.org") == value.rstrip("/")


@pytest.mark.parametrize(
    "value", ["tracker.example.org", "ftp://example.org", "https://", "https://a:99999", "http://[::1", "//example.org"]
)
def test_an_address_of_another_kind_is_refused_with_an_example(say, value):
    say(value)

    message = refusal(env.url, schemes={"http", "https"}, like="https://tracker.example.org")

    assert message == f'THING: expected an address like https://tracker.example.org, got "{value}".'


@pytest.mark.parametrize("value", ["", "mailto:made-up@example.org", "https://example.org/contact/", "https://example.org:8443"])
def test_a_contact_is_a_mail_address_or_a_page_of_https(say, value):
    say(value)

    assert env.contact("THING") == value


@pytest.mark.parametrize(
    "value", ["made-up@example.org", "mailto:nobody", "http://example.org", "https://", "mailto:a@b\nExpires: never", "javascript:x"]
)
def test_another_contact_is_refused_with_an_example(say, value):
    say(value)

    assert refusal(env.contact).startswith("THING: expected a link like mailto:security@example.org or https://")


def test_a_database_address_becomes_a_connection(say):
    say("postgresql://editor:p%40ss@db.example.org:5433/tracker?sslmode=require")

    assert env.database("THING") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "tracker",
        "USER": "editor",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_several_database_hosts_are_left_to_libpq(say):
    say("postgresql://u@a:5432,b:5433/name?target_session_attrs=prefer-standby&load_balance_hosts=random")

    found = env.database("THING")

    assert (found["HOST"], found["PORT"]) == ("a,b", "5432,5433")
    assert found["OPTIONS"] == {"target_session_attrs": "prefer-standby", "load_balance_hosts": "random"}


@pytest.mark.parametrize("value", ["localhost", "postgresql://host", "mysql://host/name", "postgresql://h/n?odd=1"])
def test_a_database_address_that_names_no_database_is_refused_with_an_example(say, value):
    say(value)

    assert refusal(env.database, "Leave it out.") == (
        f'THING: expected something like postgresql://user:password@host:5432/name, got "{value}". Leave it out.'
    )


@pytest.mark.parametrize(
    "value",
    [
        "postgresql://user:hunter2@host",
        "postgresql://user:hun@ter2@host",
        "mysql://user:hunter2@host/name",
        "host=a password=hunter2",
        "host=a password = 'hunter2 x' port=",
    ],
)
def test_a_refused_address_is_shown_without_its_password(say, value):
    say(value)

    message = refusal(env.database)

    assert "ter2" not in message
    assert "***" in message


def test_a_folder_is_made_beside_the_default_when_it_is_relative(say, tmp_path):
    say("elsewhere/data")

    assert env.folder("THING", tmp_path / "var") == tmp_path / "elsewhere" / "data"
    assert (tmp_path / "elsewhere" / "data").is_dir()


def test_a_folder_that_cannot_be_made_is_refused(say, tmp_path):
    (tmp_path / "file").touch()
    say(str(tmp_path / "file" / "data"))

    assert refusal(env.folder, tmp_path).startswith("THING: expected a folder that can be made")


def test_the_env_file_yields_to_the_environment(say, monkeypatch, tmp_path):
    say("from the environment")
    monkeypatch.delenv("OTHER_THING", raising=False)
    (tmp_path / ".env").write_text("# a comment\nTHING=from the file\nOTHER_THING='quoted, from the file'\n")

    env.read_file(tmp_path / ".env")

    assert env.text("THING") == "from the environment"
    assert env.text("OTHER_THING") == "quoted, from the file"
    monkeypatch.delenv("OTHER_THING")


def test_a_missing_env_file_is_no_matter(tmp_path):
    env.read_file(tmp_path / ".env")


def test_a_kept_secret_stays_the_same_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "secret_key"

    first = env.kept_secret(path)

    assert len(first) > 60
    assert env.kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]


def test_processes_that_start_at_once_keep_one_secret(tmp_path):
    secrets = []
    starters = [threading.Thread(target=lambda: secrets.append(env.kept_secret(tmp_path / "secret_key"))) for _ in range(16)]

    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len(secrets) == 16
    assert len(set(secrets)) == 1


def test_a_secret_that_cannot_be_kept_stops_the_start_with_a_sentence(tmp_path):
    with pytest.raises(SystemExit, match=r"^OTS_DATA_DIR: the secret key in .* cannot be read or made"):
        env.kept_secret(tmp_path / "missing" / "secret_key")
