"""What is opened at all: the public web, and nothing that only looks like it."""

import socket
from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.archiving.addresses import Refused, Rules, is_public

STRICT = Rules()


def resolving_to(*addresses):
    """The strict rules of production, with a name server that says what a test wants."""
    return Rules(resolve=lambda host, port, **_how: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_off_the_public_internet_is_refused(address):
    assert not is_public(ip_address(address))
    with pytest.raises(Refused, match="not a public address"):
        resolving_to(address).addresses("courier.example", 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_an_address_of_the_public_internet_is_allowed(address):
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_by_itself(address):
    carriers = (0xFFFF << 32) | int(address), (0x64FF9B << 96) | int(address), (0x2002 << 112) | (int(address) << 80)

    assert {is_public(IPv6Address(carrier)) for carrier in carriers} == {is_public(address)}


def test_localhost_by_name_is_refused():
    with pytest.raises(Refused, match=r"localhost leads to .*, which is not a public address"):
        STRICT.addresses("localhost", 80)


def test_of_several_addresses_only_the_public_ones_are_used():
    assert resolving_to("10.0.0.1", "8.8.8.8", "::1").addresses("courier.example", 80) == [ip_address("8.8.8.8")]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://courier.example/1", "not an address of http or https"),
        ("file:///etc/passwd", "not an address of http or https"),
        ("gopher://courier.example/", "not an address of http or https"),
        ("javascript:alert(1)", "not an address of http or https"),
        ("courier.example/1", "not an address of http or https"),
        ("", "not an address of http or https"),
        ("http://made-up-user:password@courier.example/", "carries a user's name"),
        ("http://made-up-user@courier.example/", "carries a user's name"),
        ("http://courier.example\\@127.0.0.1/", "carries a user's name"),
        ("https://courier.example:8443/", "asks for port 8443; pages are fetched from 80, 443 only"),
        ("http://courier.example:0/", "asks for port 0"),
        ("http://courier.example:99999/", "cannot be read"),
        ("http://courier.example:http/", "cannot be read"),
        ("http:///1", "cannot be read"),
        ("http://.courier.example/", "cannot be read"),
        ("http://courier..example/", "cannot be read"),
        ("http://courier example/", "cannot be read"),
        ("http://courier\0.example/", "cannot be read"),
        ("http://" + "a" * 64 + ".example/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://[fe80::1%25lo]/", "cannot be read"),
        ("http://2130706433/", "cannot be read"),
        ("http://0x7f000001/", "cannot be read"),
        ("http://0x7f.0.0.0x1/", "cannot be read"),
        ("http://0177.0.0.1/", "cannot be read"),
        ("http://127.1/", "cannot be read"),
        ("http://127.0.0.1.:080000/", "cannot be read"),
        ("http://①②⑦.⓪.⓪.①/", "cannot be read"),
    ],
)
def test_an_address_that_leads_off_the_web_is_refused_with_a_reason(url, sentence):
    with pytest.raises(Refused, match=sentence):
        STRICT.target(url)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("HTTPS://Courier.Example", "https://courier.example/"),
        (" https://courier.example/1 \n", "https://courier.example/1"),
        ("http://courier.example:80/1?a=b%20c#part", "http://courier.example/1?a=b%20c"),
        ("https://courier.example./1", "https://courier.example/1"),
        ("https://courier.example/Türkiye haberi?q=ö", "https://courier.example/T%C3%BCrkiye%20haberi?q=%C3%B6"),
        ("https://түркі.example/", "https://xn--j1alf6fwv.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700:0::1111]:443/", "http://[2606:4700::1111]:443/"),
    ],
)
def test_an_address_is_asked_for_as_browsers_spell_it(url, asked):
    assert str(STRICT.target(url)) == asked


@given(st.text(max_size=60))
def test_whatever_is_typed_is_either_an_address_of_the_web_or_refused(text):
    for url in (text, f"http://{text}", f"https://courier.example/{text}"):
        try:
            target = STRICT.target(url)
        except Refused:
            continue
        assert target.scheme in ("http", "https")
        assert str(target).isascii()


def test_a_report_repeats_no_character_that_a_terminal_obeys():
    with pytest.raises(Refused) as refusal:
        STRICT.target("made-up:\x1b[2J\x9b31m" + "x" * 9999)

    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 400
