import datetime as dt
import ssl
import time
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.adapters import http
from integrations.adapters.base import Permanent, Transient, Uncertain
from integrations.adapters.http import call
from tests.emulators.http_receiver import NEVER, Answer, HttpReceiver


def post(url: str, *, seconds: float = 5.0, **more):
    return call(method="POST", url=url, body=b'{"a":1}', seconds=seconds, **more)


def test_a_call_arrives_as_it_was_written(receiver):
    answer = post(receiver.url + "?x=%C3%A9", headers={"Content-Type": "application/json", "X-Tenant": "north"})
    (came,) = receiver.calls
    assert (answer.status, answer.body, answer.truncated) == (200, b"ok", False)
    assert (came.method, came.path, came.body) == ("POST", "/hook?x=%C3%A9", b'{"a":1}')
    assert came.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "user-agent": "HandoffStudio/1.0",
        "accept-encoding": "identity",
        "connection": "close",
        "content-length": "7",
        "content-type": "application/json",
        "x-tenant": "north",
    }


def test_loopback_is_refused_before_anything_is_sent_when_nobody_allowed_it(receiver, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    with pytest.raises(Permanent, match=r"127\.0\.0\.1 is not a public address \(loopback\)"):
        post(receiver.url)
    assert receiver.calls == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
     "[fe80::1]", "[fd00:ec2::254]", "0.0.0.0", "[::]", "168.63.129.16", "224.0.0.1", "localhost", "2130706433",
     "0x7f.1", "0177.0.0.1", "127.1"],
)  # fmt: skip
def test_no_spelling_of_an_inner_address_is_called(host, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    with pytest.raises(Permanent):
        post(f"http://{host}:8080/")


def test_allowing_ipv4_loopback_does_not_allow_it_in_disguise(receiver):
    with pytest.raises(Permanent, match="IPv4-mapped"):
        post(f"http://[::ffff:127.0.0.1]:{receiver.port}/")
    assert receiver.calls == []


def test_a_name_is_resolved_once_and_the_judged_address_is_the_one_called(receiver):
    answers = [[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]]
    answer = post(f"http://hooks.example:{receiver.port}/", resolve=lambda host, port: answers.pop(0))
    assert answer.status == 200
    assert len(answers) == 1
    assert receiver.calls[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_a_name_that_leads_inside_is_refused(settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    with pytest.raises(Permanent, match=r"hooks.example is not a public address \(link-local, cloud metadata\)"):
        post("https://hooks.example/", resolve=lambda host, port: [ip_address("169.254.169.254")])


def test_of_several_addresses_only_the_permitted_ones_are_called(receiver):
    found = [ip_address("10.9.8.7"), ip_address("::1"), ip_address("127.0.0.1")]
    assert post(f"http://hooks.example:{receiver.port}/", resolve=lambda host, port: found).status == 200


def test_an_address_that_refuses_is_followed_by_the_next(receiver):
    found = [ip_address("127.0.0.2"), ip_address("127.0.0.1")]  # nobody listens on the first
    assert post(f"http://hooks.example:{receiver.port}/", resolve=lambda host, port: found).status == 200


@pytest.mark.parametrize("location", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "/elsewhere"])
def test_a_redirect_is_an_answer_and_is_never_followed(receiver, location):
    receiver.will_answer(Answer(302, {"Location": location}))
    assert post(receiver.url).status == 302
    assert len(receiver.calls) == 1


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert post(receiver.url).status == 200


def test_only_the_beginning_of_a_long_answer_is_read(receiver):
    receiver.will_answer(Answer(200, body=b"x" * 300_000))
    answer = post(receiver.url, limit=1000)
    assert (len(answer.body), answer.truncated) == (1000, True)


def test_an_answer_of_exactly_the_limit_is_whole(receiver):
    receiver.will_answer(Answer(200, body=b"x" * 1000))
    answer = post(receiver.url, limit=1000)
    assert (len(answer.body), answer.truncated) == (1000, False)


@pytest.mark.parametrize("answer", [NEVER, Answer(drip=0.05)], ids=["silent", "dripping"])
def test_the_deadline_covers_the_whole_call_however_the_receiver_stalls(receiver, answer):
    receiver.will_answer(answer)
    began = time.monotonic()
    with pytest.raises(Uncertain, match=r"127\.0\.0\.1 did not answer within 0\.4 s"):
        post(receiver.url, seconds=0.4)
    assert 0.4 <= time.monotonic() - began < 1.5


def test_a_resolver_that_hangs_is_left_behind_at_the_deadline(loopback_allowed):
    began = time.monotonic()
    with pytest.raises(Transient, match="did not answer within"):
        post("http://hooks.example/", seconds=0.2, resolve=lambda host, port: time.sleep(2) or [])
    assert time.monotonic() - began < 1.5


def test_a_name_nobody_knows_may_be_known_later(loopback_allowed):
    def fail(host, port):
        raise OSError("Name or service not known")

    with pytest.raises(Transient, match="cannot be resolved"):
        post("http://hooks.example/", resolve=fail)


def test_a_port_where_nobody_listens_is_worth_another_try(loopback_allowed):
    with HttpReceiver() as gone:
        url = gone.url
    with pytest.raises(Transient, match="refused"):
        post(url)


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nX-C: d"}, {"X-A\n": "b"}, {"X-A": "\u00e9"}])
def test_headers_that_could_split_the_request_are_refused(receiver, headers):
    with pytest.raises(Permanent):
        post(receiver.url, headers=headers)
    assert receiver.calls == []


@pytest.mark.parametrize("url", ["ftp://example.com/", "https://user:pass@example.com/", "http://example.com:22/", ""])
def test_a_url_outside_the_rules_is_refused_without_being_resolved(url, loopback_allowed):
    with pytest.raises(Permanent):
        post(url, resolve=lambda host, port: pytest.fail("resolved"))


def test_failures_name_the_host_and_nothing_that_could_be_secret(receiver, settings):
    receiver.will_answer(NEVER)
    with pytest.raises(Uncertain) as failed:
        post(receiver.url + "/s3cr3t-path?token=s3cr3t", seconds=0.2, headers={"Authorization": "Bearer s3cr3t"})
    assert "s3cr3t" not in str(failed.value) + repr(failed.value)


def test_of_an_answer_that_is_none_is_told_what_is_wrong_and_nothing_it_holds(receiver):
    receiver.will_answer(Answer(200, headers={"a name of s3cr3t words": "s3cr3t"}))
    with pytest.raises(Uncertain, match=r"127\.0\.0\.1: RemoteProtocolError illegal header line$") as failed:
        post(receiver.url)
    assert "s3cr3t" not in str(failed.value) + repr(failed.value)


def test_nothing_that_could_be_secret_is_logged(receiver, caplog):
    with caplog.at_level("INFO"):
        answer = post(receiver.url + "/s3cr3t-path", headers={"Authorization": "Bearer s3cr3t"})
    assert "s3cr3t" not in caplog.text + repr(answer)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for hooks.example, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem, keys = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    keys.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, keys


@pytest.fixture
def tls_receiver(certificates, loopback_allowed, monkeypatch):
    pem, keys = certificates
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, keys)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    http._ssl_context.cache_clear()
    with HttpReceiver(tls=context) as receiver:
        yield receiver
    http._ssl_context.cache_clear()


def test_the_certificate_is_checked_against_the_name_although_the_address_is_pinned(tls_receiver):
    found = [ip_address("127.0.0.1")]
    assert post(f"https://hooks.example:{tls_receiver.port}/", resolve=lambda host, port: found).status == 200
    assert len(tls_receiver.calls) == 1


def test_a_certificate_for_another_name_is_refused_before_anything_is_sent(tls_receiver):
    found = [ip_address("127.0.0.1")]
    with pytest.raises(Transient, match="CERTIFICATE_VERIFY_FAILED"):
        post(f"https://other.example:{tls_receiver.port}/", resolve=lambda host, port: found)
    assert tls_receiver.calls == []
