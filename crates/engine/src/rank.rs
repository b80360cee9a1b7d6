//! The ranking of candidates, and the layers of fallback.
