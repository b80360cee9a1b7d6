//! Noting calls that are refused: the beginning of the body on its way in, and the reasons on their way out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::Response;
use http_body_util::BodyExt as _;
use parking_lot::Mutex;

use super::excerpt::excerpt;
use crate::environment::{RefusedCall, now, refused};
use crate::limits::{EXCERPT_BYTES_MAX, REFUSED_LINE_CHARS_MAX, REFUSED_LINES_MAX};

/// The reasons of a refusal, among the extensions of its answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Reasons {
    pub(super) message: String,
    pub(super) lines: Vec<String>,
    pub(super) lines_in_all: usize,
}

impl Reasons {
    /// Those of a message and of the lines of refused records, shortened to what is remembered.
    pub(super) fn of(message: &str, lines: &[String]) -> Reasons {
        Reasons {
            message: shortened(message),
            lines: lines.iter().take(REFUSED_LINES_MAX).map(|line| shortened(line)).collect(),
            lines_in_all: lines.len(),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(REFUSED_LINE_CHARS_MAX).collect()
}

/// A call that may turn out to be refused.
pub(super) struct Noting {
    method: &'static str,
    route: String,
    head: Arc<Mutex<Vec<u8>>>,
}

impl Noting {
    pub(super) fn begin(method: &'static str, path: Option<&MatchedPath>) -> Noting {
        let route = path.map_or("unknown", MatchedPath::as_str).to_owned();
        Noting { method, route, head: Arc::default() }
    }

    /// The same body, whose beginning is remembered as it is read.
    pub(super) fn watch(&self, body: Body) -> Body {
        let head = self.head.clone();
        Body::new(body.map_frame(move |frame| {
            if let Some(data) = frame.data_ref() {
                let mut head = head.lock();
                let room = EXCERPT_BYTES_MAX - head.len();
                head.extend_from_slice(&data[..room.min(data.len())]);
            }
            frame
        }))
    }

    /// The call, refused with this answer.
    pub(super) fn end(self, key: &'static str, response: &Response) -> RefusedCall {
        let reasons = response.extensions().get::<Reasons>().cloned().unwrap_or_default();
        let status = response.status().as_u16();
        RefusedCall {
            lines: reasons.lines,
            lines_in_all: reasons.lines_in_all,
            excerpt: excerpt(&self.head.lock()),
            ..refused(now(), self.method, self.route, key, status, reasons.message)
        }
    }
}
