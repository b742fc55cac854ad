"""The API's description (OpenAPI 3.1), made from the same table as the doors themselves.

Not here: the table (`app.py` collects it) and serving the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from earnest.core.values.reason import Reason
from earnest.web.codes import Code, DoorCode
from earnest.web.identity import Access
from earnest.web.languages import LANGUAGES
from earnest.web.problems import PROBLEM_TYPE, Problem
from earnest.web.refusals import status_of
from earnest.web.route import NoInput, Operation

_PARAMETER = re.compile(r"\{(\w+)\}")
_REFERENCE = "#/components/schemas/{name}"
_JSON = "application/json"

_OF_EVERY_DOOR: tuple[Code, ...] = (DoorCode.DEFECT, DoorCode.STORE_UNAVAILABLE)
_OF_CLOSED_DOORS: tuple[Code, ...] = (
    DoorCode.TOKEN_MISSING,
    DoorCode.TOKEN_INVALID,
    DoorCode.TOKEN_EXPIRED,
    DoorCode.SESSION_ENDED,
    Reason.NOT_PERMITTED,
)
_OF_INPUT: tuple[Code, ...] = (
    DoorCode.MALFORMED_JSON,
    DoorCode.UNKNOWN_FIELD,
    DoorCode.FIELD_MISSING,
    DoorCode.WRONG_TYPE,
)
_OF_KEYS: tuple[Code, ...] = (
    DoorCode.KEY_MISSING,
    DoorCode.KEY_MALFORMED,
    DoorCode.KEY_REUSED,
    DoorCode.KEY_RUNNING,
    DoorCode.DESK_FULL,
)


def document(operations: Sequence[Operation], *, base: str, version: str) -> dict[str, Any]:
    """The whole description of these operations."""
    types = _types(operations)
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Earnest",
            "version": version,
            "summary": "Selling made-to-order vehicles, from the first deposit to the handover.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in operations)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _types(operations: Iterable[Operation]) -> list[Any]:
    named: dict[Any, None] = {Problem: None}
    for each in operations:
        named[each.takes] = None
        if each.gives is not None:
            named[each.gives] = None
    return list(named)


def _operation(each: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": each.operation,
        "summary": each.summary,
        "description": _description(each),
        "tags": [each.tag],
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_headers(each)],
        "responses": _responses(each, schema_of),
        "security": [] if each.access is Access.PUBLIC else [{"token": []}],
    }
    if each.largest_upload is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    elif each.method != "GET" and each.takes is not NoInput:
        has_required = any(field.required for field in msgspec.structs.fields(each.takes))
        described["requestBody"] = {
            "required": has_required,
            "content": {_JSON: {"schema": schema_of[each.takes]}},
        }
    return described


def _description(each: Operation) -> str:
    match each.access:
        case Access.ACTORS:
            roles = ", ".join(sorted(role.value for role in each.roles))
            whom = f"For: {roles}."
        case Access.CONFIDANTS:
            roles = ", ".join(sorted(role.value for role in each.roles))
            whom = f"For buyers (their own orders), auditors, and staff: {roles}."
        case Access.OFFICE:
            roles = ", ".join(sorted(role.value for role in each.roles))
            whom = f"For auditors, and staff: {roles}."
        case Access.OVERSEERS:
            roles = ", ".join(["admin", "auditor", *sorted(role.value for role in each.roles)])
            whom = f"For: {roles}."
        case Access.PUBLIC:
            whom = "For everybody."
        case Access.READERS:
            whom = "For buyers (their own orders), staff and auditors."
        case _:
            whom = f"For: {each.access.value}."
    return f"{each.description}\n\n{whom}".strip()


def _path_parameters(each: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(each.path)
    ]


def _query_parameters(each: Operation) -> list[dict[str, Any]]:
    """The query's fields one by one. What may be absent is not described as null."""
    if each.method != "GET" and each.largest_upload is None:
        return []
    parameters = []
    for field in msgspec.structs.fields(each.takes):
        (schema,), components = msgspec.json.schema_components(
            [field.type], ref_template=_REFERENCE
        )
        inlined = _without_null(_inlined(schema, components))
        parameters.append(
            {
                "name": field.encode_name,
                "in": "query",
                "required": field.required,
                "schema": inlined,
            }
        )
    return parameters


def _inlined(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is not None:
        return dict(components[reference.rpartition("/")[2]])
    if "anyOf" in schema:
        return {"anyOf": [_inlined(each, components) for each in schema["anyOf"]]}
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return dict(choices[0]) if len(choices) == 1 else schema


def _headers(each: Operation) -> list[dict[str, Any]]:
    language = {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of words for people.",
        "schema": {"type": "string", "examples": list(LANGUAGES)},
    }
    headers: list[dict[str, Any]] = [language]
    if each.needs_key:
        headers.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "New for each thing you want, the same when you repeat it.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        )
    if each.takes_admission:
        headers.append(
            {
                "name": "Earnest-Admission",
                "in": "header",
                "description": "From the waiting room, where a launch lets people in by a rule.",
                "schema": {"type": "string"},
            }
        )
    if each.may_insist:
        headers.append(
            {
                "name": "If-Match",
                "in": "header",
                "description": "The ETag of the order that was looked at; 412 if it changed.",
                "schema": {"type": "string"},
            }
        )
    if each.has_etag and each.method == "GET":
        headers.append(
            {
                "name": "If-None-Match",
                "in": "header",
                "description": "The ETag that is known already; 304 if nothing changed.",
                "schema": {"type": "string"},
            }
        )
    return headers


def _responses(each: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": HTTPStatus(each.status).phrase}
    if each.gives_file:
        done["content"] = {kind: {"schema": {"type": "string"}} for kind in each.gives_file}
    elif each.gives is str:
        done["content"] = {"text/plain": {"schema": {"type": "string"}}}
    elif each.gives is not None:
        done["content"] = {_JSON: {"schema": schema_of[each.gives]}}
    if each.has_etag:
        done["headers"] = {"ETag": {"schema": {"type": "string"}}}
    responses = {str(each.status): done}
    for status, note in each.notes.items():
        responses[str(status)] = {
            "description": note,
            "content": {PROBLEM_TYPE: {"schema": schema_of[Problem]}},
        }
    by_status: dict[int, list[str]] = {}
    for code in _codes(each):
        by_status.setdefault(status_of(code), []).append(code.value)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(sorted(set(codes)))}",
            "content": {PROBLEM_TYPE: {"schema": schema_of[Problem]}},
        }
    return responses


def _codes(each: Operation) -> list[Code]:
    codes = [*each.codes, *_OF_EVERY_DOOR]
    if each.access is not Access.PUBLIC:
        codes.extend(_OF_CLOSED_DOORS)
    if each.takes is not NoInput:
        codes.extend(_OF_INPUT)
    if each.method != "GET":
        codes.append(DoorCode.BODY_TOO_LARGE)
    if each.needs_key:
        codes.extend(_OF_KEYS)
    return codes
