"""The reach of a source: addresses are judged after each look-up, whatever a name or a redirect says."""

import httpx
import pytest

from dashboard import outbound
from dashboard.errors import UserError
from dashboard.settings import Settings
from etl.sources.network import Credentials, Reach, RefusedError, open_client
from tests.certificates import Authority
from tests.etl.sources.far_sides import WebFile, serving

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1",
    "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::",
    "64:ff9b:1::1", "fec0::1", "::127.0.0.1", "::10.0.0.1", "::ffff:0:7f00:1", "5f00::1",
)  # fmt: skip


def test_no_name_leads_into_a_network_that_is_not_public_unless_it_is_listed():
    for address in PRIVATE:
        for found in ([address], ["192.0.1.1", address]):  # one of several is enough
            with pytest.raises(RefusedError, match="not public"):
                Reach(resolve=lambda *_, found=found: found).find("forms.example.org", 443)
        for listed in ("forms.example.org", f"{address}/32" if ":" not in address else f"{address}/128"):
            reach = Reach(listed, lambda *_, address=address: [address])
            assert reach.find("forms.example.org", 443) == address


def test_a_public_address_is_asked_as_it_was_looked_up_and_one_that_changes_is_judged_at_each_look():
    for found in (["8.8.8.8", "1.1.1.1"], ["2606:4700:4700::1111"], ["64:ff9b::808:808"]):
        assert Reach(resolve=lambda *_, found=found: found).find("forms.example.org", 443) == found[0]
    with pytest.raises(UserError, match="neither a host nor a network"):
        Reach("10.0.0.0/99")
    answers = iter((["8.8.8.8"], ["169.254.169.254"]))
    reach = Reach(resolve=lambda *_: next(answers))
    assert reach.find("rebind.example.org", 443) == "8.8.8.8"
    with pytest.raises(RefusedError):
        reach.find("rebind.example.org", 443)


def test_nothing_goes_out_without_encryption_and_a_secret_in_an_address_goes_to_its_own_host_alone():
    secrets = Credentials("kf.example.org", {"TOKEN": "token-0123456789"})
    other = "https://other.example.org/"
    with open_client(Settings.from_environment(), secrets, Reach()) as client:
        for address in ("http://forms.example.org/", "ftp://forms.example.org/"):
            with pytest.raises(Exception, match="encryption|nsupported|web"):
                client.get(address)
        for url, headers in (
            (f"{other}?t=token-0123456789", {}),
            (other, {"X-Token": "token-0123456789"}),
            (other, {"Authorization": "Bearer made-of-it"}),
        ):
            with pytest.raises(RefusedError, match="must not go to other"):
                client.get(url, headers=headers)
    assert "token-0123456789" not in repr(secrets)


def test_the_certificate_is_that_of_the_name_although_its_address_is_asked(tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    reach = Reach("forms.example.org", lambda *_: ["127.0.0.1"])
    settings = Settings.from_environment({"DASHBOARD_CA_FILE": str(authority.file)})
    for name in ("forms.example.org", "elsewhere.example.org"):
        side = WebFile(b"a;b\n1;2\n")
        with serving(side, authority.sign(name)) as address, open_client(settings, Credentials(), reach) as client:
            host = f"forms.example.org:{address.rpartition(':')[2]}"
            url = f"https://{host}/register.csv"
            if name == "forms.example.org":
                answer = client.get(url)
                assert (answer.content, str(answer.url), side.asked[0].headers["host"]) == (side.body, url, host)
                continue
            with pytest.raises(httpx.ConnectError) as refused:
                client.get(url)
            assert "is not one that this computer believes" in str(outbound.explain(refused.value, url))
            assert not side.asked
