"""Holds JSON against a schema: the part of JSON Schema 2020-12 that spec/ecss/json-socket.schema.json is written in."""
import json
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
         "null": type(None)}
KNOWN = {"$schema", "$defs", "title", "$ref", "oneOf", "not", "type", "enum", "const", "pattern", "properties", "required",
         "additionalProperties", "items"}


def _is(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


class JsonSchema:
    def __init__(self, path):
        self.root = json.loads(path.read_text())

    def check(self, value, part):
        """AssertionError unless the value fits $defs/`part`; says where and why not."""
        wrong = self._wrong(value, {"$ref": f"#/$defs/{part}"}, part)
        assert wrong is None, f"{wrong} in {value}"

    def _wrong(self, value, schema, at):
        assert set(schema) <= KNOWN, f"a schema with {set(schema) - KNOWN} is not understood"
        tests = (self._kind, self._parts, self._object)
        return next((wrong for test in tests if (wrong := test(value, schema, at))), None)

    @staticmethod
    def _kind(value, schema, at):
        kinds = schema.get("type", [])
        if kinds and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
            return f"{at} is no {kinds}"
        if "enum" in schema and value not in schema["enum"]:
            return f"{at} is none of {schema['enum']}"
        if "const" in schema and value != schema["const"]:
            return f"{at} is not {schema['const']}"
        if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
            return f"{at} does not look like {schema['pattern']}"
        return None

    def _parts(self, value, schema, at):
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            return self._wrong(value, self.root["$defs"][name], at)
        if "not" in schema and self._wrong(value, schema["not"], at) is None:
            return f"{at} fits what it must not"
        if "oneOf" in schema:
            found = [self._wrong(value, each, at) for each in schema["oneOf"]]
            if found.count(None) != 1:
                return f"{at} fits {found.count(None)} of its forms: {found}"
        return None

    def _object(self, value, schema, at):
        if isinstance(value, list) and "items" in schema:
            return next((wrong for n, item in enumerate(value)
                         if (wrong := self._wrong(item, schema["items"], f"{at}[{n}]"))), None)
        if not isinstance(value, dict):
            return None
        missing = set(schema.get("required", [])) - set(value)
        if missing:
            return f"{at} has no {missing}"
        known = schema.get("properties", {})
        if schema.get("additionalProperties", True) is False and set(value) - set(known):
            return f"{at} has {set(value) - set(known)}"
        return next((wrong for name, part in known.items() if name in value
                     if (wrong := self._wrong(value[name], part, f"{at}.{name}"))), None)
