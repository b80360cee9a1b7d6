//! Item-to-item similarity from shared history.
