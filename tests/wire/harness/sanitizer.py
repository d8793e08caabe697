"""The sanitizers' findings, which a program tells of by its exit code."""
FOUND = 77  # the exit code that script/test has the sanitizers use


def check(code, who, log=""):
    """Returns the exit code of a program of ours; AssertionError when a sanitizer ended it."""
    assert code != FOUND, f"{who}: a sanitizer found something\n{log}"
    return code
