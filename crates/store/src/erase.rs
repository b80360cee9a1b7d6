//! Erasure for good.
