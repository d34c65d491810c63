//! One network: a session with the input it is run on. Knows shapes and names; what they mean is the caller's.

use super::error::InferenceError;
use super::runtime::Runtime;
use ort::session::{Session, SessionOutputs};
use ort::value::{Outlet, Tensor, ValueType};
use std::path::{Path, PathBuf};

/// Name of the only input of every model here.
const INPUT: &str = "image";
/// How ONNX Runtime writes a dimension that any number fits.
const FREE: i64 = -1;
/// Red, green, blue.
pub(super) const CHANNELS: usize = 3;

/// What a model must look like from outside.
pub(super) struct Form {
    /// Side of the square input, px.
    pub side: usize,
    /// Outputs used: name, and dimensions after the batch.
    pub outputs: &'static [(&'static str, &'static [usize])],
}

/// A model ready to run on one picture at a time.
pub(super) struct Network {
    session: Session,
    input: Tensor<f32>,
    path: PathBuf,
}

impl Network {
    /// Reads a model and checks that it is of the form expected.
    pub fn open(runtime: &Runtime, path: &Path, form: &Form) -> Result<Self, InferenceError> {
        if !path.is_file() {
            return Err(InferenceError::ModelMissing { path: path.to_path_buf() });
        }
        let damaged =
            |e: ort::Error| InferenceError::ModelDamaged { path: path.to_path_buf(), cause: one_line(&e) };
        let session =
            runtime.session_builder().and_then(|mut b| b.commit_from_file(path)).map_err(damaged)?;
        if let Some(difference) = form.difference(&session) {
            return Err(InferenceError::ModelForeign { path: path.to_path_buf(), difference });
        }
        let shape = [1, CHANNELS, form.side, form.side];
        let zeros = vec![0_f32; shape.iter().product()];
        let input = Tensor::from_array((shape, zeros)).map_err(damaged)?;
        Ok(Self { session, input, path: path.to_path_buf() })
    }

    /// The input: planes of red, green, blue, rows from the top. Write, then [`run`](Self::run).
    pub fn input(&mut self) -> &mut [f32] {
        self.input.extract_tensor_mut().1
    }

    /// Runs the model on the input and hands its outputs to `read`.
    pub fn run<T>(
        &mut self,
        frame: usize,
        read: impl FnOnce(&Outputs<'_>) -> ort::Result<T>,
    ) -> Result<T, InferenceError> {
        let answer =
            self.session.run(ort::inputs![INPUT => &self.input]).and_then(|outputs| read(&Outputs(outputs)));
        answer.map_err(|e| InferenceError::RunFailed { path: self.path.clone(), frame, cause: one_line(&e) })
    }
}

/// What a run answered.
pub(super) struct Outputs<'a>(SessionOutputs<'a>);

impl Outputs<'_> {
    /// The values of an output, last dimension fastest.
    pub fn values(&self, name: &str) -> ort::Result<&[f32]> {
        let value = self.0.get(name).ok_or_else(|| ort::Error::new(format!("no output {name}")))?;
        Ok(value.try_extract_tensor::<f32>()?.1)
    }
}

impl Form {
    /// How a model differs from this form; none if it fits.
    fn difference(&self, session: &Session) -> Option<String> {
        let input = mismatch(session.inputs(), INPUT, &[CHANNELS, self.side, self.side]);
        let mut outputs = self.outputs.iter().map(|(name, dims)| mismatch(session.outputs(), name, dims));
        input.or_else(|| outputs.find_map(|difference| difference))
    }
}

/// What is wrong with the tensor of that name; the batch dimension is free or one.
fn mismatch(outlets: &[Outlet], name: &str, dims: &[usize]) -> Option<String> {
    let Some(outlet) = outlets.iter().find(|o| o.name() == name) else {
        let names: Vec<_> = outlets.iter().map(Outlet::name).collect();
        return Some(format!("`{name}` is not among {}", names.join(", ")));
    };
    let found: &[i64] = match outlet.dtype() {
        ValueType::Tensor { shape, .. } => shape,
        _ => &[],
    };
    let same = |found: &i64, expected: &usize| usize::try_from(*found) == Ok(*expected);
    let fits = found.split_first().is_some_and(|(&batch, rest)| {
        (batch == FREE || batch == 1)
            && rest.len() == dims.len()
            && rest.iter().zip(dims).all(|(f, d)| same(f, d))
    });
    (!fits).then(|| format!("`{name}` has dimensions {found:?} where a batch of {dims:?} was expected"))
}

/// ONNX Runtime's messages span lines; errors here are one.
fn one_line(error: &ort::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
