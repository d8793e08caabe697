"""Checks answers and events against spec/ecss, whichever transport they came by."""
import re
import subprocess
from xml.sax.saxutils import quoteattr

from .server import ROOT


def to_xml(node):
    """A node as XML, its attributes as they are."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items()
                         if not name.startswith("{"))
    inner = "".join(map(to_xml, node.children))
    return f"<{node.name}{attributes}>{inner}</{node.name}>"


def check(schema, text):
    """AssertionError unless xmllint agrees."""
    done = subprocess.run(["xmllint", "--noout", "--schema", str(ROOT / f"spec/ecss/{schema}.xsd"), "-"],
                          input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + text


def valid(answer):
    """The answer itself, which must fit the schema it names."""
    schema = re.search(r'noNamespaceSchemaLocation(?:"\s*:\s*|=)"([a-z_]+)\.xsd"', answer.raw)
    assert schema, f"the answer names no schema: {answer.raw}"
    check(schema[1], answer.raw if answer.raw.startswith("<") else to_xml(answer.node))
    return answer
