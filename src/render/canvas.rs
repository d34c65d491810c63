//! Anti-aliased shapes on a packed BGR picture. Every shape is a signed distance; coverage is how far a pixel lies inside.
//!
//! Shapes may lie partly or wholly outside the picture; what is not finite is not drawn.

use super::RenderError;
use crate::frame::PixelSize;
use crate::geometry::{Bounds, Image, Point, Vector};

/// A colour, sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Nearly black, for outlines and panels.
    pub const INK: Self = Self::new(12, 14, 18);

    /// From its parts.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The colour as paint of an opacity, 0 to 1.
    #[must_use]
    pub const fn at(self, opacity: f64) -> Paint {
        Paint { colour: self, opacity }
    }
}

/// A colour and how much of what lies below it hides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// Its colour.
    pub colour: Colour,
    /// 0 = nothing, 1 = all.
    pub opacity: f64,
}

/// A picture to draw on. Lengths in px, places from the top left corner of the top left pixel.
#[derive(Debug)]
pub struct Canvas<'a> {
    size: PixelSize,
    bgr: &'a mut [u8],
}

impl<'a> Canvas<'a> {
    /// Over packed rows of blue, green, red.
    ///
    /// # Errors
    /// When the buffer has not `height * width * 3` bytes.
    pub fn new(bgr: &'a mut [u8], size: PixelSize) -> Result<Self, RenderError> {
        let (expected, found) = (size.frame_bytes(), bgr.len());
        if expected != found {
            return Err(RenderError::SizeMismatch { size, expected, found });
        }
        Ok(Self { size, bgr })
    }

    /// Size of the picture.
    #[must_use]
    pub fn size(&self) -> PixelSize {
        self.size
    }

    /// A straight line with round ends.
    pub fn line(&mut self, from: Point<Image>, to: Point<Image>, width: f64, paint: Paint) {
        let along = to - from;
        let length_squared = along.dot(along).max(f64::MIN_POSITIVE);
        let radius = width / 2.0;
        let Some(box_) = Bounds::around([from, to]) else { return };
        // Of a slanted line's box only a strip is near it: per row, the part of the line within reach of the row.
        let strip = |y: f64| {
            let reach = radius + 1.0;
            let share = |edge: f64| ((edge - from.y) / along.y).clamp(0.0, 1.0);
            let (a, b) =
                if along.y.abs() > f64::EPSILON { (share(y - reach), share(y + reach)) } else { (0.0, 1.0) };
            let (xa, xb) = (from.x + along.x * a, from.x + along.x * b);
            (xa.min(xb) - reach, xa.max(xb) + reach)
        };
        self.shade(grown(box_, radius), strip, paint, |p| {
            let off = p - from;
            let share = (off.dot(along) / length_squared).clamp(0.0, 1.0);
            (off - along * share).length() - radius
        });
    }

    /// A line of dashes as long as the gaps between them.
    pub fn dashes(&mut self, from: Point<Image>, to: Point<Image>, width: f64, dash: f64, paint: Paint) {
        // More dashes than this are no dashes to the eye; it also bounds the work.
        const MOST: f64 = 100.0;
        let length = from.distance(to);
        let count = (length / (2.0 * dash)).round().clamp(1.0, MOST);
        if !count.is_finite() {
            return;
        }
        // The last dash ends at the end: n dashes and n - 1 gaps.
        let parts = 2.0 * count - 1.0;
        for i in 0..count as usize {
            let start = 2.0 * i as f64 / parts;
            self.line(from.towards(to, start), from.towards(to, start + 1.0 / parts), width, paint);
        }
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Point<Image>, radius: f64, paint: Paint) {
        let box_ = grown(Bounds { left: centre.x, top: centre.y, right: centre.x, bottom: centre.y }, radius);
        self.shade(box_, |_| (box_.left, box_.right), paint, |p| p.distance(centre) - radius);
    }

    /// A circle's outline, `width` wide, half of it inside `radius`.
    pub fn ring(&mut self, centre: Point<Image>, radius: f64, width: f64, paint: Paint) {
        let outer = radius + width / 2.0;
        let box_ = grown(Bounds { left: centre.x, top: centre.y, right: centre.x, bottom: centre.y }, outer);
        let distance = |p: Point<Image>| (p.distance(centre) - radius).abs() - width / 2.0;
        self.shade(box_, |_| (box_.left, box_.right), paint, distance);
    }

    /// A filled convex polygon; corners in either sense of turning. Fewer than three corners draw nothing.
    pub fn convex(&mut self, corners: &[Point<Image>], paint: Paint) {
        let Some(box_) = Bounds::around(corners.iter().copied()).filter(|_| corners.len() > 2) else {
            return;
        };
        let next = |i: usize| corners[(i + 1) % corners.len()];
        let area: f64 =
            (0..corners.len()).map(|i| (corners[i] - corners[0]).cross(next(i) - corners[0])).sum();
        let turn = area.signum();
        let edges: Vec<(Point<Image>, Vector<Image>)> = (0..corners.len())
            .map(|i| (corners[i], next(i) - corners[i]))
            .filter(|(_, along)| along.length() > 0.0)
            .map(|(corner, along)| (corner, Vector::new(along.y, -along.x) / (along.length() * turn)))
            .collect();
        self.shade(
            box_,
            |_| (box_.left, box_.right),
            paint,
            |p| edges.iter().map(|&(corner, outward)| (p - corner).dot(outward)).fold(f64::MIN, f64::max),
        );
    }

    /// A slice of a disc between two directions, the short way round.
    pub fn wedge(
        &mut self,
        centre: Point<Image>,
        radius: f64,
        from: Vector<Image>,
        to: Vector<Image>,
        paint: Paint,
    ) {
        let turn = from.cross(to).signum();
        let box_ = grown(Bounds { left: centre.x, top: centre.y, right: centre.x, bottom: centre.y }, radius);
        let (from, to) = (from / (from.length() * turn), to / (to.length() * turn));
        self.shade(
            box_,
            |_| (box_.left, box_.right),
            paint,
            |p| {
                let off = p - centre;
                (off.length() - radius).max(-from.cross(off)).max(to.cross(off))
            },
        );
    }

    /// A filled box with round corners.
    pub fn rounded_box(&mut self, bounds: Bounds, radius: f64, paint: Paint) {
        let centre = Point::<Image>::new(
            f64::midpoint(bounds.left, bounds.right),
            f64::midpoint(bounds.top, bounds.bottom),
        );
        let (half_width, half_height) = (bounds.width() / 2.0 - radius, bounds.height() / 2.0 - radius);
        self.shade(
            bounds,
            |_| (bounds.left, bounds.right),
            paint,
            |p| {
                let x = (p.x - centre.x).abs() - half_width;
                let y = (p.y - centre.y).abs() - half_height;
                x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - radius
            },
        );
    }

    /// Lays paint over one pixel; `coverage` is the covered share of it, 0 to 1. Outside the picture, nothing happens.
    pub fn blend(&mut self, x: i64, y: i64, paint: Paint, coverage: f64) {
        let (width, height) = (i64::from(self.size.width), i64::from(self.size.height));
        if (0..width).contains(&x) && (0..height).contains(&y) {
            let start = (y * width + x) as usize * 3;
            mix(&mut self.bgr[start..start + 3], paint, coverage);
        }
    }

    /// Covers the pixels of `bounds` and, per row, of `span`, by how far `distance` (px, negative inside) says.
    fn shade(
        &mut self,
        bounds: Bounds,
        span: impl Fn(f64) -> (f64, f64),
        paint: Paint,
        distance: impl Fn(Point<Image>) -> f64,
    ) {
        let finite = [bounds.left, bounds.top, bounds.right, bounds.bottom].into_iter().all(f64::is_finite);
        if !finite || paint.opacity <= 0.0 {
            return;
        }
        let inside = |from: f64, to: f64, end: u32| {
            let clip = |v: f64| v.clamp(0.0, f64::from(end)) as usize;
            clip((from - 1.0).floor())..clip((to + 1.0).ceil())
        };
        let row_bytes = self.size.width as usize * 3;
        for y in inside(bounds.top, bounds.bottom, self.size.height) {
            let centre_y = y as f64 + 0.5;
            let (left, right) = span(centre_y);
            let columns = inside(left.max(bounds.left), right.min(bounds.right), self.size.width);
            let row = &mut self.bgr[y * row_bytes..][..row_bytes];
            for x in columns {
                let coverage = 0.5 - distance(Point::new(x as f64 + 0.5, centre_y));
                if coverage > 0.0 {
                    mix(&mut row[x * 3..x * 3 + 3], paint, coverage.min(1.0));
                }
            }
        }
    }
}

fn mix(bgr: &mut [u8], paint: Paint, coverage: f64) {
    let share = (paint.opacity * coverage).clamp(0.0, 1.0);
    let Colour { red, green, blue } = paint.colour;
    for (below, above) in bgr.iter_mut().zip([blue, green, red]) {
        let value = f64::from(*below) + (f64::from(above) - f64::from(*below)) * share;
        *below = value.round() as u8;
    }
}

fn grown(bounds: Bounds, by: f64) -> Bounds {
    Bounds {
        left: bounds.left - by,
        top: bounds.top - by,
        right: bounds.right + by,
        bottom: bounds.bottom + by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::PI;

    const SIZE: PixelSize = PixelSize { width: 64, height: 48 };

    /// Sum of white laid on black, in whole pixels: the area drawn.
    fn area(draw: impl FnOnce(&mut Canvas, Paint)) -> f64 {
        let mut bgr = vec![0; SIZE.frame_bytes()];
        draw(&mut Canvas::new(&mut bgr, SIZE).unwrap(), Colour::WHITE.at(1.0));
        bgr.iter().map(|&b| f64::from(b)).sum::<f64>() / (3.0 * 255.0)
    }

    /// Coverage by distance is exact along straight edges and a little off at corners and tight curves.
    const AREA_TOLERANCE: f64 = 0.02;

    #[test]
    fn shapes_cover_their_area() {
        let p = |x, y| Point::new(x, y);
        let half = f64::sqrt(0.5);
        let cases = [
            (area(|c, w| c.line(p(10.3, 10.7), p(50.2, 30.1), 4.0, w)), 4.0 * 44.38 + PI * 4.0),
            (area(|c, w| c.disc(p(30.2, 20.6), 10.0, w)), PI * 100.0),
            (area(|c, w| c.ring(p(30.0, 20.0), 10.0, 3.0, w)), PI * 2.0 * 10.0 * 3.0),
            (area(|c, w| c.convex(&[p(5.0, 5.0), p(45.0, 9.0), p(20.0, 40.0)], w)), 670.0),
            (area(|c, w| c.convex(&[p(20.0, 40.0), p(45.0, 9.0), p(5.0, 5.0)], w)), 670.0),
            (
                area(|c, w| {
                    c.wedge(p(30.0, 40.0), 30.0, Vector::new(0.0, -2.0), Vector::new(half, -half), w);
                }),
                PI * 900.0 / 8.0,
            ),
            (
                area(|c, w| {
                    c.wedge(p(30.0, 40.0), 30.0, Vector::new(half, -half), Vector::new(0.0, -9.0), w);
                }),
                PI * 900.0 / 8.0,
            ),
            (
                area(|c, w| {
                    let bounds = Bounds { left: 10.0, top: 10.0, right: 40.0, bottom: 30.0 };
                    c.rounded_box(bounds, 6.0, w);
                }),
                600.0 - (4.0 - PI) * 36.0,
            ),
        ];
        for (i, (found, expected)) in cases.into_iter().enumerate() {
            assert!((found / expected - 1.0).abs() < AREA_TOLERANCE, "case {i}: {found} for {expected}");
        }
    }

    #[test]
    fn dashes_begin_and_end_with_a_dash_and_cover_about_half() {
        let (from, to) = (Point::new(6.0, 24.0), Point::new(58.0, 24.0));
        let whole = area(|c, w| c.line(from, to, 2.0, w));
        let dashed = area(|c, w| c.dashes(from, to, 2.0, 4.0, w));
        assert!((0.5..0.85).contains(&(dashed / whole)), "{dashed} of {whole}");
        let ends = area(|c, w| {
            c.dashes(from, to, 2.0, 4.0, w);
            c.rounded_box(
                Bounds { left: 0.0, top: 0.0, right: 64.0, bottom: 48.0 },
                0.0,
                Colour::INK.at(0.0),
            );
        });
        assert!((ends - dashed).abs() < 1e-9, "paint without opacity changes nothing");
    }

    #[test]
    fn paint_is_laid_in_the_order_of_decoders() {
        let mut bgr = vec![0; SIZE.frame_bytes()];
        let mut canvas = Canvas::new(&mut bgr, SIZE).unwrap();
        canvas.disc(Point::new(0.0, 0.0), 8.0, Colour::new(200, 100, 50).at(0.5));
        assert_eq!(bgr[..3], [25, 50, 100]);
    }

    #[test]
    fn a_buffer_of_another_size_is_refused() {
        let error = Canvas::new(&mut [0; 5], SIZE).unwrap_err();
        assert_eq!(error.to_string(), "a picture of 64x48 needs 9216 bytes, but there are 5");
    }

    proptest! {
        #[test]
        fn nothing_finite_or_not_panics(
            x in prop::num::f64::ANY, y in prop::num::f64::ANY, u in -1e9..1e9f64, v in -200.0..200.0f64, w in 0.0..50.0f64,
        ) {
            let (a, b) = (Point::new(x, y), Point::new(u, v));
            area(|c, paint| {
                c.line(a, b, w, paint);
                c.line(b, a, w, paint);
                c.dashes(a, b, w, 3.0, paint);
                c.dashes(b, Point::new(v, v), w, 3.0, paint);
                c.disc(a, w, paint);
                c.ring(b, w, 2.0, paint);
                c.convex(&[a, b, Point::new(0.0, 0.0)], paint);
                c.wedge(b, w, a - b, b - a, paint);
                c.rounded_box(Bounds { left: v, top: x, right: u, bottom: y }, 3.0, paint);
            });
        }
    }
}
