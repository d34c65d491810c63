use sledform::geometry::*;
use sledform::video::{self, *};
fn main() {
    let c = Point::<Image>::new(479.5, 269.5);
    for p in std::env::args().skip(1) {
        let mut s = video::open(std::path::Path::new(&p), &ReadOptions::default()).unwrap();
        let (mut tot, mut v, mut inl, mut tr) = (Vector::new(0., 0.), vec![], vec![], vec![]);
        let mut none = 0;
        let mut n = 0;
        let mut dup = 0;
        while let Some(f) = s.next_frame().unwrap() {
            n += 1;
            dup += f.duplicate as i32;
            if let Some(m) = f.background {
                let d = m.this_from_previous.apply(c) - c;
                tot = tot + d;
                v.push(d.length());
                inl.push(m.inliers);
                tr.push(m.tracked);
            } else {
                none += 1;
            }
        }
        v.sort_by(f64::total_cmp);
        inl.sort();
        tr.sort();
        let k = v.len();
        println!(
            "{p}: n {n} none {none} dup {dup} median {:.3} p95 {:.3} max {:.3} sum {:.1},{:.1} inliers {} tracked {} min {}/{}",
            v[k / 2],
            v[k * 95 / 100],
            v[k - 1],
            tot.x,
            tot.y,
            inl[k / 2],
            tr[k / 2],
            inl[0],
            tr[0]
        );
        println!("   {:?}", s.warnings());
    }
}
