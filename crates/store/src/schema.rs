//! The file format and its migrations.
