//! Points, vectors and regions, each tagged with the space it lives in. Points are not vectors.
//!
//! All image-like spaces have x to the right and y down.

use crate::units::Radians;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Pixels of the displayed picture (rotation metadata applied), origin at the top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Image {}

/// A model's square input, both axes from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crop {}

/// The picture with camera motion and roll removed: y is down along gravity, pixels of the first frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ground {}

/// A place in space `S`.
pub struct Point<S> {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
    space: PhantomData<S>,
}

/// A displacement in space `S`.
pub struct Vector<S> {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
    space: PhantomData<S>,
}

macro_rules! pair {
    ($name:ident) => {
        impl<S> Clone for $name<S> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<S> Copy for $name<S> {}
        impl<S> PartialEq for $name<S> {
            fn eq(&self, other: &Self) -> bool {
                self.x == other.x && self.y == other.y
            }
        }
        impl<S> fmt::Debug for $name<S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}, {})"), self.x, self.y)
            }
        }
        impl<S> $name<S> {
            /// From its two coordinates.
            #[must_use]
            pub const fn new(x: f64, y: f64) -> Self {
                Self { x, y, space: PhantomData }
            }
        }
    };
}
pair!(Point);
pair!(Vector);

impl<S> Point<S> {
    /// Distance to another point.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self - other).length()
    }

    /// The point half way to another.
    #[must_use]
    pub fn midpoint(self, other: Self) -> Self {
        self.towards(other, 0.5)
    }

    /// The point at `share` (0 = here, 1 = there) of the way to another.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        self + (other - self) * share
    }
}

impl<S> Vector<S> {
    /// Euclidean length.
    #[must_use]
    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// Scalar product.
    #[must_use]
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The z component of the vector product: positive when `other` is clockwise of `self` on screen.
    #[must_use]
    pub fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    /// Turned by `angle`, positive clockwise on screen.
    #[must_use]
    pub fn rotated(self, angle: Radians) -> Self {
        let (sin, cos) = angle.0.sin_cos();
        Self::new(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

impl<S> Sub for Point<S> {
    type Output = Vector<S>;
    fn sub(self, other: Self) -> Vector<S> {
        Vector::new(self.x - other.x, self.y - other.y)
    }
}
impl<S> Add<Vector<S>> for Point<S> {
    type Output = Self;
    fn add(self, step: Vector<S>) -> Self {
        Self::new(self.x + step.x, self.y + step.y)
    }
}
impl<S> Sub<Vector<S>> for Point<S> {
    type Output = Self;
    fn sub(self, step: Vector<S>) -> Self {
        Self::new(self.x - step.x, self.y - step.y)
    }
}
impl<S> Add for Vector<S> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}
impl<S> Sub for Vector<S> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}
impl<S> Neg for Vector<S> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y)
    }
}
impl<S> Mul<f64> for Vector<S> {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}
impl<S> Div<f64> for Vector<S> {
    type Output = Self;
    fn div(self, divisor: f64) -> Self {
        Self::new(self.x / divisor, self.y / divisor)
    }
}

/// An axis-parallel box in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Left edge, px.
    pub left: f64,
    /// Top edge, px.
    pub top: f64,
    /// Right edge, px.
    pub right: f64,
    /// Bottom edge, px.
    pub bottom: f64,
}

impl Bounds {
    /// The smallest box round the points; none when there are none.
    #[must_use]
    pub fn around(points: impl IntoIterator<Item = Point<Image>>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, p| {
            let Some(b) = bounds else {
                return Some(Self { left: p.x, top: p.y, right: p.x, bottom: p.y });
            };
            Some(Self {
                left: b.left.min(p.x),
                top: b.top.min(p.y),
                right: b.right.max(p.x),
                bottom: b.bottom.max(p.y),
            })
        })
    }

    /// Width, px.
    #[must_use]
    pub fn width(self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    /// Height, px.
    #[must_use]
    pub fn height(self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    /// Area, px².
    #[must_use]
    pub fn area(self) -> f64 {
        self.width() * self.height()
    }

    /// Whether the point lies in the box.
    #[must_use]
    pub fn contains(self, point: Point<Image>) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }

    /// Shared area over joint area, 0 to 1.
    #[must_use]
    pub fn overlap(self, other: Self) -> f64 {
        let shared = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
        .area();
        let joint = self.area() + other.area() - shared;
        if joint > 0.0 { shared / joint } else { 0.0 }
    }
}

/// A turned square of the picture: what a pose model is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Centre.
    pub centre: Point<Image>,
    /// Length of a side, px.
    pub side: f64,
    /// Turn of the square, positive clockwise on screen; 0 = upright.
    pub rotation: Radians,
}

impl Region {
    /// From a point of the crop (both axes 0 to 1) to the picture.
    #[must_use]
    pub fn image_from_crop(self, point: Point<Crop>) -> Point<Image> {
        let offset = Vector::new((point.x - 0.5) * self.side, (point.y - 0.5) * self.side);
        self.centre + offset.rotated(self.rotation)
    }

    /// The region at `share` (0 = this, 1 = the other) of the way to another; turns the short way round.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        let turn = (other.rotation - self.rotation).wrapped();
        Self {
            centre: self.centre.towards(other.centre, share),
            side: self.side + (other.side - self.side) * share,
            rotation: (self.rotation + turn * share).wrapped(),
        }
    }
}

/// A similarity transform of one frame of pixels into another: turn, scale, then shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Shift after turn and scale, px.
    pub shift: Vector<Image>,
    /// Turn, positive clockwise on screen.
    pub rotation: Radians,
    /// Scale factor, > 0.
    pub scale: f64,
}

impl Similarity {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self { shift: Vector::new(0.0, 0.0), rotation: Radians(0.0), scale: 1.0 };

    /// Where a point goes.
    #[must_use]
    pub fn apply(self, point: Point<Image>) -> Point<Image> {
        let turned = Vector::<Image>::new(point.x, point.y).rotated(self.rotation) * self.scale;
        Point::new(turned.x + self.shift.x, turned.y + self.shift.y)
    }

    /// This transform after `first`.
    #[must_use]
    pub fn after(self, first: Self) -> Self {
        Self {
            shift: first.shift.rotated(self.rotation) * self.scale + self.shift,
            rotation: (self.rotation + first.rotation).wrapped(),
            scale: self.scale * first.scale,
        }
    }

    /// The transform that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        let back = Radians(-self.rotation.0);
        Self {
            shift: -(self.shift.rotated(back) / self.scale),
            rotation: back.wrapped(),
            scale: 1.0 / self.scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_similarity_and_its_inverse_cancel() {
        let there = Similarity { shift: Vector::new(12.0, -7.0), rotation: Radians(0.3), scale: 1.2 };
        let p = Point::new(100.0, 50.0);
        assert!(there.inverse().apply(there.apply(p)).distance(p) < 1e-9);
        assert!(there.inverse().after(there).apply(p).distance(p) < 1e-9);
    }

    #[test]
    fn a_region_half_way_turns_the_short_way_round() {
        let at = |degrees| Region {
            centre: Point::new(0.0, 0.0),
            side: 10.0,
            rotation: Radians::from_degrees(degrees),
        };
        let half = at(170.0).towards(at(-170.0), 0.5);
        assert!((half.rotation.to_degrees().abs() - 180.0).abs() < 1e-9);
    }

    #[test]
    fn the_middle_of_the_crop_is_the_centre_of_the_region() {
        let region = Region { centre: Point::new(3.0, 4.0), side: 10.0, rotation: Radians(1.0) };
        assert!(region.image_from_crop(Point::new(0.5, 0.5)).distance(region.centre) < 1e-12);
    }

    #[test]
    fn overlap_of_a_box_with_itself_is_one_and_with_a_far_one_zero() {
        let a = Bounds { left: 0.0, top: 0.0, right: 2.0, bottom: 2.0 };
        let b = Bounds { left: 5.0, top: 0.0, right: 6.0, bottom: 2.0 };
        assert!((a.overlap(a) - 1.0).abs() < 1e-12);
        assert!(a.overlap(b).abs() < 1e-12);
    }
}
