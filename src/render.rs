//! Drawing on packed BGR frames, in plain Rust: shapes, text, and the overlay that shows what was measured.

pub mod canvas;
mod caption;
mod corners;
mod figure;
mod marks;
pub mod overlay;
pub mod scene;
pub mod text;

/// Why nothing could be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The buffer is not a picture of that size.
    #[error("a picture of {size} needs {expected} bytes, but there are {found}")]
    SizeMismatch {
        /// Size of the picture.
        size: crate::frame::PixelSize,
        /// Bytes it needs.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
}
