//! Profiles: the five that come along, wrong files, inheritance, pages for the wall, recognition.
