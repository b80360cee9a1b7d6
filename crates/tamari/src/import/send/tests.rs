//! A server that is busy is asked again.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn a_busy_server_is_asked_again() {
    let mut calls = 0;
    let mut ask = || {
        calls += 1;
        Ok(if calls < 3 { Said::Later { why: "busy".into(), after_s: Some(0) } } else { Said::Taken(Taken::Yes) })
    };
    assert_eq!(patiently(&mut ask), Ok(Taken::Yes));
    assert_eq!(calls, 3);
}
