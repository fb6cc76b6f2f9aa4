"""A server's address: read from what a person types, and what it says about the way to the server."""

from __future__ import annotations

from commtui.model.text import message_line


class AddressError(ValueError):
    """A text is not the address of a server; `str()` is one line that repeats the text and shows a valid address."""


def server_address(given: str, keep_path: bool = False) -> str:
    """`scheme://host[:port]` of a host, of the address of any page on a server, or of a handle (`@user@host`).

    Without a scheme it is https, for this machine http. A host outside ASCII takes its IDNA form, and the usual
    port is left out, so that one server has one address. `keep_path` keeps a path, for a server that lives under one.
    Raises AddressError.
    """
    text = given.strip()
    scheme, colon, rest = text.partition("://")
    if not colon:
        scheme, rest = "", text
    end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    netloc, path = rest[:end], rest[end:].rstrip("/") if keep_path else ""
    if not colon:
        netloc = netloc.rpartition("@")[2]
    if not text.isprintable() or scheme.lower() not in ("", "http", "https") or any(mark in path for mark in " ?#\\"):
        raise _not_an_address(text)
    try:
        host, port = _host_and_port(netloc)
    except ValueError:  # IDNA's errors are ValueErrors as well
        raise _not_an_address(text) from None
    if not colon and not is_loopback(host) and "." not in host and ":" not in host:
        raise AddressError(f"{message_line(text, 60)!r} is no server's address: its host has no dot")
    scheme = scheme.lower() or ("http" if is_loopback(host) else "https")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port not in (None, {"https": 443, "http": 80}[scheme]) else "") + path


def _not_an_address(text: str) -> AddressError:
    return AddressError(f"{message_line(text, 60)!r} is no server's address: give it as in https://mastodon.example")


def _host_and_port(netloc: str) -> tuple[str, int | None]:
    """The host in lower case and ASCII, an IPv6 address without brackets, and the port. Raises ValueError."""
    from urllib.parse import urlsplit

    parts = urlsplit(f"//{netloc}")
    host = parts.hostname or ""
    if "@" in netloc or len(host) > 253:
        raise ValueError(netloc)
    if netloc.startswith("["):
        from ipaddress import IPv6Address

        return str(IPv6Address(host)), parts.port
    host = ascii_host(host).removesuffix(".")
    if "" in host.split(".") or not all(letter.isalnum() or letter in "-._" for letter in host):
        raise ValueError(netloc)
    return host, parts.port


def ascii_host(host: str) -> str:
    """A host in lower case and in its IDNA form, by which two spellings of one host are equal. Raises ValueError."""
    if host.isascii():
        return host.lower()
    import idna  # 10 ms that a host in ASCII does not pay

    return idna.encode(host, uts46=True).decode("ascii")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, however its address is written: `localhost`, `127.1`, `[::ffff:127.0.0.1]`."""
    host = host.lower().strip("[]").removesuffix(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    from ipaddress import ip_address

    try:
        ip = ip_address(_as_written(host))
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or ip.is_unspecified


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not this machine's, not a private or local network's.

    An IPv6 address that has an IPv4 address in it is as public as that one.
    """
    from ipaddress import IPv4Network, IPv6Address, ip_address

    for ip in _embedded(address):
        try:
            known = ip_address(ip)
        except ValueError:
            return False
        site_local = isinstance(known, IPv6Address) and known.is_site_local
        if not known.is_global or known.is_multicast or known.is_reserved or site_local:
            return False
        if known in IPv4Network("192.0.0.0/24"):  # for protocols; Python before 3.12.4 knows a part of it
            return False
    return True


def _as_written(host: str) -> str:
    """The usual form of an IPv4 address that is written as a number, in hexadecimal, or with fewer dots."""
    if not host[:1].isdecimal() or (host.count(".") == 3 and host.replace(".", "").isdecimal()):
        return host
    from socket import inet_aton, inet_ntoa

    try:
        return inet_ntoa(inet_aton(host))
    except OSError:
        return host


def _embedded(address: str) -> list[str]:
    """The address, or the IPv4 addresses that it leads to: mapped, 6to4, Teredo, NAT64."""
    from ipaddress import IPv4Address, IPv6Address, IPv6Network

    try:
        ip = IPv6Address(address.partition("%")[0])
    except ValueError:
        return [address]
    if ip.ipv4_mapped is not None:
        return [str(ip.ipv4_mapped)]
    if ip.teredo is not None:
        return [str(part) for part in ip.teredo]
    if ip.sixtofour is not None:
        return [str(ip.sixtofour)]
    last = str(IPv4Address(int(ip) & 0xFFFFFFFF))
    if ip in IPv6Network("64:ff9b::/96") or (ip in IPv6Network("::/96") and int(ip) > 1):
        return [last]
    return [str(ip)]


def is_unencrypted(address: str) -> bool:
    """Whether what is sent to an address crosses a network that others can read: plain http, not to this machine."""
    if not address.lower().startswith(("http://", "ws://")):
        return False
    from urllib.parse import urlsplit

    try:
        return not is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return True
