"""Request bodies against Discord's published description of its API, where that file stands."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from playground.world import Json

PERMISSIONS = ("permissions", "default_member_permissions", "allow", "deny")


class Schema:
    """Two relaxations: a snowflake may be an integer, and permissions may be a string."""

    def __init__(self, openapi: Path) -> None:
        described: Json = json.loads(openapi.read_text())
        self._components = described["components"]
        self._components["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        _let_permissions_be_strings(self._components)
        self._bodies: dict[str, list[tuple[list[str], Json]]] = {}
        for path, operations in described["paths"].items():
            for method, operation in operations.items():
                content = operation.get("requestBody", {}) if method != "parameters" else {}
                if body := content.get("content", {}).get("application/json", {}).get("schema"):
                    template = path.strip("/").split("/")
                    self._bodies.setdefault(method.upper(), []).append((template, body))
        self._validators: dict[int, jsonschema_rs.Draft202012Validator] = {}

    def violations(self, method: str, path: str, body: Any) -> list[str]:
        """What the description says is wrong with this body; nothing where it takes none."""
        schema = self._schema_of(method, path.strip("/").split("/"))
        if schema is None:
            return []
        if id(schema) not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[id(schema)] = jsonschema_rs.Draft202012Validator(whole)
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
            for error in self._validators[id(schema)].iter_errors(body)
        ]

    def _schema_of(self, method: str, parts: list[str]) -> Json | None:
        fitting = [
            (sum(t == p for t, p in zip(template, parts, strict=True)), index, schema)
            for index, (template, schema) in enumerate(self._bodies.get(method, []))
            if len(template) == len(parts)
            and all(t == p or t.startswith("{") for t, p in zip(template, parts, strict=True))
        ]
        return max(fitting)[2] if fitting else None


def _let_permissions_be_strings(node: Any) -> None:
    if isinstance(node, list):
        for child in node:
            _let_permissions_be_strings(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if (
                key in PERMISSIONS
                and isinstance(child, dict)
                and "integer" in child.get("type", "")
            ):
                child["type"] = ["integer", "string", "null"]
            _let_permissions_be_strings(child)
