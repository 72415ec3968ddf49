"""By which names this machine is called on its local network."""

import ipaddress
import socket


def own_names(host: str) -> list[str]:
    """The names and addresses under which a server bound to `host` is reached."""
    if not _is_everywhere(host):
        return [host]
    name = socket.gethostname()
    return [name, f"{name}.local", *sorted(_own_addresses(name))]


def _is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _own_addresses(name: str) -> set[str]:
    found = set()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return found
