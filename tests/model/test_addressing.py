"""Handles: mentions in a text, and hosts in Unicode or IDNA."""

import pytest

from commtui.model.addressing import addressed, domain_of, local_name, mentions


@pytest.mark.parametrize(
    ("text", "acct", "domain", "mentioned"),
    [
        ("@ada hello", "ada", "home.example", True),
        ("hello @ada@home.example.", "ada", "home.example", True),
        ("@Ada@HOME.example", "ada", "home.example", True),
        ("@ada@far.example", "ada", "home.example", False),
        ("@ada", "ada@far.example", "home.example", False),
        ("@ada@far.example", "ada@far.example", "home.example", True),
        ("@ada@far.example.com", "ada@far.example", "home.example", False),
        ("@adam@far.example", "ada@far.example", "home.example", False),
        ("x@ada@far.example", "ada@far.example", "home.example", False),
        ("@ada@127.0.0.1:3000 hi", "ada", "127.0.0.1:3000", True),
        ("@ada@bücher.example", "ada@xn--bcher-kva.example", "home.example", True),
        ("@ada@xn--bcher-kva.example", "ada@bücher.example", "home.example", True),
        ("@ada@BÜCHER.example", "ada", "bücher.example", True),
        ("@ada@例え.テスト: hi", "ada@xn--r8jz45g.xn--zckzah", "home.example", True),
    ],
)
def test_a_text_mentions_an_account_however_its_host_is_written(text, acct, domain, mentioned):
    assert mentions(text, acct, domain) is mentioned
    assert addressed(text, acct, domain) == (text if mentioned else f"@{acct} {text}")


def test_one_host_in_two_spellings_is_one_host():
    assert local_name("@ada@bücher.example", "@brand@xn--bcher-kva.example") == "ada"
    assert local_name("@ada@xn--bcher-kva.example", "@brand@Bücher.example") == "ada"
    assert local_name("@ada@far.example", "@brand@bücher.example") == "ada@far.example"
    assert domain_of("@ada@Bücher.example") == "xn--bcher-kva.example"
    assert domain_of("@ada") == domain_of("") == ""
    assert domain_of("@ada@x..y\ud800") == "x..y\ud800"
