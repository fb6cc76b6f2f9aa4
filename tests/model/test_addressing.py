"""Handles: mentions in a text, and hosts in Unicode or IDNA."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.addressing import addressed, canonical_handle, domain_of, local_name, mentions, same_account


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
    assert addressed(text, [acct], domain) == (text if mentioned else f"@{acct} {text}")


@pytest.mark.parametrize(
    ("text", "accts", "result"),
    [
        ("hi", [], "hi"),
        ("hi", ["ada", "bob@far.example"], "@ada @bob@far.example hi"),
        ("hi @bob@far.example", ["ada", "bob@far.example"], "@ada hi @bob@far.example"),
        ("@ada hi", ["ada", "bob@far.example"], "@bob@far.example @ada hi"),
        ("hi", ["ada", "Ada@HOME.example", "@ada", "bob@bücher.example", "bob@xn--bcher-kva.example"],
         "@ada @bob@bücher.example hi"),
        ("", ["ada"], "@ada "),
    ],
)  # fmt: skip
def test_each_account_that_a_text_does_not_mention_is_put_before_it_once(text, accts, result):
    assert addressed(text, accts, "home.example") == result


HOSTS = st.sampled_from(["", "@home.example", "@HOME.example", "@far.example", "@bücher.example",
                         "@xn--bcher-kva.example", "@127.0.0.1:3000"])  # fmt: skip
ACCTS = st.builds("{}{}".format, st.sampled_from(["ada", "Ada", "bob", "a.b", "a_b"]), HOSTS)


@given(st.text(st.sampled_from("ab @.,:\n")), st.lists(ACCTS, max_size=6))
def test_an_addressed_text_mentions_all_and_addressing_it_again_changes_nothing(text, accts):
    done = addressed(text, accts, "home.example")
    assert done.endswith(text)
    assert all(mentions(done, acct, "home.example") for acct in accts)
    assert addressed(done, accts, "home.example") == done


def test_one_host_in_two_spellings_is_one_host():
    assert local_name("@ada@bücher.example", "@brand@xn--bcher-kva.example") == "ada"
    assert local_name("@ada@xn--bcher-kva.example", "@brand@Bücher.example") == "ada"
    assert local_name("@ada@far.example", "@brand@bücher.example") == "ada@far.example"
    assert domain_of("@ada@Bücher.example") == "xn--bcher-kva.example"
    assert domain_of("@ada") == domain_of("") == ""
    assert domain_of("@ada@x..y\ud800") == "x..y\ud800"
    assert domain_of("@ada@Bücher.example:3000") == "xn--bcher-kva.example:3000"
    assert canonical_handle("@ada@Bücher.example") == canonical_handle("@ada@XN--bcher-kva.example")
    assert canonical_handle("@Ada") == "@Ada" and canonical_handle("ada@FAR.example") == "ada@far.example"
    assert same_account("Ada@bücher.example", "@ada@xn--bcher-kva.example", "home.example")


@given(st.text(max_size=30))
def test_any_text_as_a_handle_is_canonical_after_one_time(text):
    assert canonical_handle(canonical_handle(text)) == canonical_handle(text)
