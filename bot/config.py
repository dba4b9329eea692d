"""Settings, read from the environment and from `.env`; each is described in `.env.example`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def _database_url(url: str) -> str:
    drivers = {
        "sqlite:///": "sqlite+aiosqlite:///",
        "postgres://": "postgresql+asyncpg://",
        "postgresql://": "postgresql+asyncpg://",
    }
    for prefix, driver in drivers.items():
        if url.startswith(prefix):
            return driver + url.removeprefix(prefix)
    if url.startswith(tuple(drivers.values())):
        return url
    raise ValueError("must begin with sqlite:/// or postgresql://")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    discord_token: SecretStr | None = None
    database_url: Annotated[str, AfterValidator(_database_url)] = (
        "sqlite+aiosqlite:///data/cliffhanger.db"
    )
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def complaints(error: Exception) -> str:
    """What is wrong with the settings, a line each."""
    if not isinstance(error, ValidationError):
        return f".env can't be read: {error}."
    return "\n".join(
        f"{str(problem['loc'][0]).upper()} in .env or the environment "
        f"{problem['msg'].removeprefix('Value error, ').replace('Input should', 'should')}."
        for problem in error.errors()
    )
