import pytest
from pydantic import ValidationError

from bot.config import Settings
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def from_file(text: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("settings") / ".env"
    path.write_text(text, encoding="utf-8")
    return Settings(_env_file=path)


def test_everything_has_a_default() -> None:
    settings = Settings(_env_file=None)
    assert settings.discord_token is None
    assert settings.database_url == "sqlite+aiosqlite:///data/cliffhanger.db"
    assert settings.discord_api_url is None


@pytest.mark.parametrize(
    ("said", "driver"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite:///a.db"),
        ("sqlite:////var/a.db", "sqlite+aiosqlite:////var/a.db"),
        ("postgresql://u:p@host/name", "postgresql+asyncpg://u:p@host/name"),
        ("postgres://host/name", "postgresql+asyncpg://host/name"),
        ("postgresql+asyncpg://host/name", "postgresql+asyncpg://host/name"),
    ],
)
def test_a_database_is_named_without_its_driver(said: str, driver: str) -> None:
    assert Settings(database_url=said, _env_file=None).database_url == driver


@pytest.mark.parametrize(
    ("said", "size"),
    [("50 MB", 50_000_000), ("1.5GB", 1_500_000_000), ("64 MiB", 67_108_864), ("1000", 1000)],
)
def test_a_size_is_read_as_people_write_it(
    said: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORY_QUOTA", said)
    assert Settings(_env_file=None).story_quota == size


@pytest.mark.parametrize("said", ["much", "50 parsecs", "MB"])
def test_what_is_no_size_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORY_QUOTA", said)
    with pytest.raises(ValidationError, match="must be a size, like 50 MB"):
        Settings(_env_file=None)


@pytest.mark.parametrize("said", ["", "mysql://host/name", "data/cliffhanger.db", "sqlite://"])
def test_another_database_is_refused(said: str) -> None:
    with pytest.raises(ValidationError, match="sqlite:/// or postgresql://"):
        Settings(database_url=said, _env_file=None)


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "LOG_LEVEL=WARNING\nDISCORD_API_URL=http://file\nSOMETHING_ELSE=1\n"
    monkeypatch.setenv("DISCORD_API_URL", "http://environment")
    settings = from_file(text, tmp_path_factory)
    assert settings.log_level == "WARNING"
    assert settings.discord_api_url == "http://environment"


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-very-secret-token")
    settings = Settings(_env_file=None)
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "a-very-secret-token"
    assert "a-very-secret-token" not in f"{settings!r} {settings}"


def test_the_example_holds_every_setting_and_a_copy_of_it_works(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"{name.upper()}=" in example
    settings = from_file(example, tmp_path_factory)
    assert not settings.discord_token  # none, so the bot asks for one


@pytest.mark.parametrize("name", ["DATABASE_URL", "LOG_LEVEL", "DISCORD_TOKEN"])
def test_a_setting_left_blank_is_not_set(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As in `.env.example`: a line that was not filled in means its default."""
    assert from_file(f"{name}=\n", tmp_path_factory) == Settings(_env_file=None)
