"""Settings, read from the environment and from `.env`; each is described in `.env.example`."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ByteSize,
    SecretStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
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


def _size(said: object, read: ValidatorFunctionWrapHandler) -> ByteSize:
    try:
        return ByteSize(read(said))
    except ValidationError:
        raise ValueError("must be a size, like 50 MB") from None


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
    story_quota: Annotated[ByteSize, WrapValidator(_size)] = ByteSize(50_000_000)
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
