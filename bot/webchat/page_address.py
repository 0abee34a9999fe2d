"""The address of a page by the host and port that it listens on."""

from ipaddress import ip_address


def page_address(host: str, port: int) -> str:
    """The address that a browser on this machine opens, with a slash at its end; an IPv6 address in brackets.

    A server that listens on every address of the machine is shown by the one that means this machine.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if address.version == 6:
        return f"http://[{'::1' if address.is_unspecified else address}]:{port}/"
    return f"http://{'127.0.0.1' if address.is_unspecified else address}:{port}/"
