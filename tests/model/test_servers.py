"""Addresses of servers: as people type them, and whether they lead off this machine unencrypted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.servers import AddressError, ascii_host, is_loopback, is_public, is_unencrypted, server_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/@user/123?x=y#z", "https://mastodon.social"),
        ("HTTPS://mastodon.social:443", "https://mastodon.social"),
        ("http://mastodon.social", "http://mastodon.social"),
        ("http://mastodon.social:80/", "http://mastodon.social"),
        ("mastodon.social.", "https://mastodon.social"),
        ("@user@mastodon.social", "https://mastodon.social"),
        ("user@mastodon.social", "https://mastodon.social"),
        ("mastodon.social/@user", "https://mastodon.social"),
        ("mastodon.social:8443", "https://mastodon.social:8443"),
        ("https://pds.example:8443/xrpc", "https://pds.example:8443"),
        ("http://web:3000", "http://web:3000"),
        ("127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("localhost:3000", "http://localhost:3000"),
        ("[::1]:3000", "http://[::1]:3000"),
        ("[0:0::1]", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("BÜCHER.example", "https://xn--bcher-kva.example"),
        ("例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
    ],
)
def test_server_is_understood_as_people_type_it(typed, address):
    assert server_address(typed) == address == server_address(address)


def test_path_is_kept_where_a_server_may_live_under_one():
    assert server_address("blog.example/site/", keep_path=True) == "https://blog.example/site"
    assert server_address("https://blog.example/", keep_path=True) == "https://blog.example"
    for wrong in ("https://x.example/a?b=c", "https://x.example/a#b", "https://x.example/a b"):
        with pytest.raises(AddressError):
            server_address(wrong, keep_path=True)


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "@", "user@", "mastodon", "ftp://x.example", "https://", "https://user:pw@x.example", "a b.example"),
        *("x..y", "x.example:99999", "x.example:port", "\x1b[31mx.example", "é" * 300 + ".example", "https://x:y"),
        *("[x.example]", "[::1", "x.exa\nmple", "ada:pw@x", "https://x_\u0300.example\\y"),
    ],
)
def test_what_is_no_server_is_one_clear_line(wrong):
    with pytest.raises(AddressError, match="no server's address") as error:
        server_address(wrong)
    assert str(error.value).isprintable()


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_a_server_or_an_address_error(text, keep_path):
    try:
        address = server_address(text, keep_path)
    except AddressError:
        return
    assert address.startswith(("https://", "http://")) and server_address(address, keep_path) == address


@given(st.text("xn-é.ß例1", max_size=12))
def test_a_host_in_ascii_stays_as_it_is(host):
    try:
        ascii_form = ascii_host(host)
    except ValueError:
        return
    assert ascii_form.isascii() and ascii_host(ascii_form) == ascii_form


@pytest.mark.parametrize(
    ("address", "unencrypted"),
    [
        ("http://127.0.0.1:3000", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:3000", False),
        ("http://localhost:3000", False),
        ("http://brand.localhost", False),
        ("https://far.example", False),
        ("wss://far.example", False),
        ("", False),
        ("http://localhost.example", True),
        ("http://127.0.0.1.example", True),
        ("http://10.0.0.1", True),
        ("HTTP://far.example", True),
        ("ws://far.example", True),
        ("http://[", True),
    ],
)
def test_plain_http_is_for_this_machine_only(address, unencrypted):
    assert is_unencrypted(address) is unencrypted


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True), ("LOCALHOST.", True), ("brand.localhost", True), ("127.0.0.1", True),
        ("127.255.0.9", True),
        ("127.1", True), ("2130706433", True), ("0x7f.1", True), ("::1", True), ("[::1]", True), ("0.0.0.0", True),
        ("::ffff:127.0.0.1", True), ("::", True),
        ("localhost.example", False), ("128.0.0.1", False), ("10.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("7.example", False), ("", False),
    ],
)  # fmt: skip
def test_this_machine_by_any_of_its_names(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3f57:fefe", "2001:db8::1", "localhost", "", "192.0.0.1", "192.0.0.192",
    ],
)  # fmt: skip
def test_what_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.69", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_what_is_public(address):
    assert is_public(address)
