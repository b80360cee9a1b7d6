//! Properties: the Origin is echoed on every answer, errors included; credentials are allowed; a preflight is answered
//! for every path, also one that is not there; without an Origin nothing is said; the dashboard is closed to other sites.

use crate::served::Served;

#[test]
fn the_origin_is_echoed_on_every_answer() {
    let served = Served::start();
    for (method, path, status) in [
        ("GET", "/healthz", 200),
        ("POST", "/v1/search/search", 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/users", 405),
    ] {
        let reply = served.send(method, path, &[("Origin", "https://shop.example")], b"{}").expect(status);
        assert_eq!(reply.headers["access-control-allow-origin"], "https://shop.example");
        assert_eq!(reply.headers["access-control-allow-credentials"], "true");
        assert!(reply.headers["vary"].contains("Origin"));
        let plain = served.send(method, path, &[], b"{}");
        assert!(!plain.headers.contains_key("access-control-allow-origin"));
    }
}

#[test]
fn a_preflight_is_answered_for_every_path() {
    let served = Served::start();
    for path in ["/v1/products", "/v1/products/p?api_key=x", "/v1/recommendation/not_yet", "/nowhere"] {
        let reply = served.send(
            "OPTIONS",
            path,
            &[
                ("Origin", "null"),
                ("Access-Control-Request-Method", "DELETE"),
                ("Access-Control-Request-Headers", "x-api-key"),
            ],
            b"",
        );
        let reply = reply.expect(204);
        assert_eq!(reply.headers["access-control-allow-origin"], "null");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(reply.headers["access-control-allow-methods"].contains(method));
        }
        for header in ["Authorization", "X-API-KEY", "Content-Type"] {
            assert!(reply.headers["access-control-allow-headers"].contains(header));
        }
    }
}

#[test]
fn other_sites_pages_may_not_use_the_dashboard() {
    let served = Served::start();
    let reply = served.send("GET", "/dojo/api/x", &[("Origin", "https://evil.example")], b"");
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}
