use opencv::{prelude::*, videoio};
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let mut c = videoio::VideoCapture::from_file(&p, videoio::CAP_FFMPEG).unwrap();
    println!(
        "rot {} frames {} fps {}",
        c.get(48).unwrap(),
        c.get(videoio::CAP_PROP_FRAME_COUNT).unwrap(),
        c.get(videoio::CAP_PROP_FPS).unwrap()
    );
    let mut i = 0;
    while c.grab().unwrap() {
        print!("{}:{:.1} ", i, c.get(videoio::CAP_PROP_POS_MSEC).unwrap());
        i += 1;
    }
    println!();
}
