//! The charting library of the pages: from where set-up put it into what `report` is told.

use crate::models::{self, ModelError};
use crate::report::ChartLibrary;

/// The library, each of its files checked by its hash.
///
/// # Errors
/// When a file is missing or not what it should be; a page can be written without, and then says so.
pub fn charts() -> Result<ChartLibrary, ModelError> {
    Ok(ChartLibrary {
        script: models::page_part("uplot")?,
        style: models::page_part("uplot-style")?,
        licence: models::page_part("uplot-licence")?,
    })
}
