"""Checks answers and events against spec/ecss, whichever transport they came by."""
import re
import subprocess
from xml.sax.saxutils import quoteattr

from .ecss import Ecss, EcssSocket
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


def checked_desks(transport, server, ending):
    """desk_of(operator): that operator's one client over "xml" or "frames", whose every answer must be valid."""
    made = {}

    def make(operator):
        if operator not in made:
            client = (Ecss if transport == "xml" else EcssSocket)(server, operator)
            send = client.send_node
            client.send_node = lambda *args: valid(send(*args))
            ending.append(client)
            made[operator] = client
        return made[operator]
    return make
