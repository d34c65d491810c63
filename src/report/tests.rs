//! What the page holds and what it must never hold.
