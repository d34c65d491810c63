//! The index of an MP4 (its `moov`) as a tree of boxes that can be changed and written back: ISO/IEC 14496-12, 4.2.
//! What stands in the boxes is left to others.

/// Boxes that hold nothing but boxes, as far as the tables of times lie in them.
const CONTAINERS: [&[u8; 4]; 6] = [b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"];
/// Length and type.
const HEAD_BYTES: usize = 8;

/// One box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub kind: [u8; 4],
    pub body: Body,
}

/// What a box holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Data(Vec<u8>),
    Parts(Vec<Node>),
}

impl Node {
    /// A box of plain bytes.
    pub fn data(kind: [u8; 4], bytes: Vec<u8>) -> Self {
        Self { kind, body: Body::Data(bytes) }
    }

    /// The one box in `bytes`; none where they are no such box.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut all = read_all(bytes)?;
        (all.len() == 1).then(|| all.pop()).flatten()
    }

    /// The box as it is stored; none where it is longer than a 32-bit length can say.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let content = match &self.body {
            Body::Data(bytes) => bytes.clone(),
            Body::Parts(parts) => parts.iter().map(Self::bytes).collect::<Option<Vec<_>>>()?.concat(),
        };
        let length = u32::try_from(content.len() + HEAD_BYTES).ok()?;
        Some([&length.to_be_bytes()[..], &self.kind, &content].concat())
    }

    /// The first box down this way of types.
    pub fn at(&self, way: &[&[u8; 4]]) -> Option<&Self> {
        let Some((first, rest)) = way.split_first() else { return Some(self) };
        self.parts()?.iter().find(|part| &part.kind == *first)?.at(rest)
    }

    /// The same, to change it.
    pub fn at_mut(&mut self, way: &[&[u8; 4]]) -> Option<&mut Self> {
        let Some((first, rest)) = way.split_first() else { return Some(self) };
        self.parts_mut()?.iter_mut().find(|part| &part.kind == *first)?.at_mut(rest)
    }

    /// The boxes within; none for a box of plain bytes.
    pub fn parts(&self) -> Option<&Vec<Self>> {
        match &self.body {
            Body::Parts(parts) => Some(parts),
            Body::Data(_) => None,
        }
    }

    /// The same, to change them.
    pub fn parts_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.body {
            Body::Parts(parts) => Some(parts),
            Body::Data(_) => None,
        }
    }

    /// The bytes of the box down this way.
    pub fn bytes_at(&self, way: &[&[u8; 4]]) -> Option<&[u8]> {
        match &self.at(way)?.body {
            Body::Data(bytes) => Some(bytes),
            Body::Parts(_) => None,
        }
    }

    /// Writes a 32-bit number into the box down this way; none where it is not there or too short.
    pub fn put_u32(&mut self, way: &[&[u8; 4]], place: usize, value: u32) -> Option<()> {
        match &mut self.at_mut(way)?.body {
            Body::Data(bytes) => {
                bytes.get_mut(place..place + 4)?.copy_from_slice(&value.to_be_bytes());
                Some(())
            }
            Body::Parts(_) => None,
        }
    }
}

fn read_all(bytes: &[u8]) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = u32_at(rest, 0)? as usize;
        let kind: [u8; 4] = rest.get(4..HEAD_BYTES)?.try_into().ok()?;
        let content = rest.get(HEAD_BYTES..length)?;
        let body = if CONTAINERS.contains(&&kind) {
            Body::Parts(read_all(content)?)
        } else {
            Body::Data(content.to_vec())
        };
        nodes.push(Node { kind, body });
        rest = &rest[length..];
    }
    Some(nodes)
}

/// A big-endian number, as every number in an MP4 is.
pub(super) fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(place..place + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tree_is_read_changed_and_written_back() {
        let mdhd = Node::data(*b"mdhd", vec![0; 8]);
        let mdia = Node { kind: *b"mdia", body: Body::Parts(vec![mdhd]) };
        let moov = Node { kind: *b"moov", body: Body::Parts(vec![mdia, Node::data(*b"udta", vec![7; 3])]) };
        let bytes = moov.bytes().expect("short");
        let mut read = Node::read(&bytes).expect("whole");
        assert_eq!(read, moov);
        let way: [&[u8; 4]; 2] = [b"mdia", b"mdhd"];
        assert_eq!(read.put_u32(&way, 4, 0x0102_0304), Some(()));
        assert_eq!(read.bytes_at(&way), Some(&[0, 0, 0, 0, 1, 2, 3, 4][..]));
        assert_eq!(read.put_u32(&way, 5, 1), None);
        assert_eq!(read.bytes_at(&[b"mdia", b"minf"]), None);
    }

    proptest! {
        #[test]
        fn damage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let whole = [&[0, 0, 0, 68][..], b"moov", &bytes].concat();
            if let Some(node) = Node::read(&whole) {
                prop_assert_eq!(node.bytes(), Some(whole));
            }
        }
    }
}
