//! While something reads for long and a writer waits, questions are answered; afterwards the writer goes first, and its change is seen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use state::State;
use uuid::Uuid;

use super::Live;

#[test]
fn a_question_does_not_wait_for_a_long_read_behind_a_writer() {
    let live = Live::new(State::new(Uuid::nil()));
    let written = AtomicBool::new(false);
    thread::scope(|scope| {
        let long = live.read_long();
        scope.spawn(|| {
            live.write().skip_to(7);
            written.store(true, Ordering::Release);
        });
        // Time for the writer to stand in the queue; were questions to queue behind it, this test would hang.
        thread::sleep(Duration::from_millis(50));
        assert_eq!(live.read().position(), 0);
        assert_eq!(live.read().position(), 0);
        assert!(!written.load(Ordering::Acquire));
        drop(long);
    });
    assert_eq!(live.read().position(), 7);
}
