//! What the models run on: the processor, or a device that the loaded ONNX Runtime library has a provider for.

use super::error::InferenceError;
use ort::ep::{CUDA, CoreML, DirectML, ExecutionProvider, ExecutionProviderDispatch, OpenVINO};
use ort::session::builder::SessionBuilder;
use std::fmt;
use std::str::FromStr;

/// What runs the models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The first of the others that works here, else the processor.
    Auto,
    /// The processor: the same bytes on every run and every machine of a kind.
    #[default]
    Cpu,
    /// An NVIDIA GPU.
    Cuda,
    /// Apple's GPU and neural engine.
    CoreMl,
    /// A GPU under Windows.
    DirectMl,
    /// Intel's processors and GPUs.
    OpenVino,
}

impl Device {
    /// All, as they are listed for users.
    pub const ALL: [Self; 6] =
        [Self::Auto, Self::Cpu, Self::Cuda, Self::CoreMl, Self::DirectMl, Self::OpenVino];

    /// The word a user writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::CoreMl => "coreml",
            Self::DirectMl => "directml",
            Self::OpenVino => "openvino",
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Device {
    type Err = InferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|d| d.name() == text);
        known.ok_or_else(|| InferenceError::NoSuchDevice { name: text.to_owned() })
    }
}

/// Devices in the order in which `auto` tries them.
const PREFERRED: [Device; 4] = [Device::Cuda, Device::CoreMl, Device::DirectMl, Device::OpenVino];

/// The device to use: the one asked for; for `auto` the first that works, else the processor.
///
/// # Errors
/// When the one asked for is not in the library, or is there and does not start.
pub(super) fn choose(
    asked: Device,
    fresh: impl Fn() -> ort::Result<SessionBuilder>,
) -> Result<Device, InferenceError> {
    let starts = |device: Device| fresh().and_then(|builder| register(builder, device)).map(|_| device);
    match asked {
        Device::Auto => {
            let working = PREFERRED.into_iter().filter(|d| is_built_in(*d)).find_map(|d| starts(d).ok());
            Ok(working.unwrap_or(Device::Cpu))
        }
        Device::Cpu => Ok(Device::Cpu),
        device if !is_built_in(device) => Err(InferenceError::DeviceMissing { device }),
        device => starts(device).map_err(|e| InferenceError::DeviceFailed { device, cause: e.to_string() }),
    }
}

/// Sessions of this builder run on the device, or the reason why they cannot.
pub(super) fn register(builder: SessionBuilder, device: Device) -> ort::Result<SessionBuilder> {
    match provider(device) {
        None => Ok(builder),
        Some(provider) => Ok(builder.with_execution_providers([provider.error_on_failure()])?),
    }
}

fn provider(device: Device) -> Option<ExecutionProviderDispatch> {
    match device {
        Device::Auto | Device::Cpu => None,
        Device::Cuda => Some(CUDA::default().build()),
        Device::CoreMl => Some(CoreML::default().build()),
        Device::DirectMl => Some(DirectML::default().build()),
        Device::OpenVino => Some(OpenVINO::default().build()),
    }
}

/// Whether the loaded library was built with the device's provider; that says nothing of the device itself.
fn is_built_in(device: Device) -> bool {
    let available = match device {
        Device::Auto | Device::Cpu => return true,
        Device::Cuda => CUDA::is_available(),
        Device::CoreMl => CoreML::is_available(),
        Device::DirectMl => DirectML::is_available(),
        Device::OpenVino => OpenVINO::is_available(),
    };
    available.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_device_is_read_by_its_name_and_another_says_what_there_is() {
        for device in Device::ALL {
            assert_eq!(device.name().parse::<Device>().ok(), Some(device));
        }
        let error = "gpu".parse::<Device>().expect_err("no such device").to_string();
        assert_eq!(error, "\"gpu\" is no device; write auto, cpu, cuda, coreml, directml or openvino");
    }
}
