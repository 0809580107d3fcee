import { hdf5Handler } from '../hdf5/hdf5-handler.ts';
import { huggingfaceHandler } from '../huggingface/huggingface-handler.ts';
import { jaxHandler } from '../jax/jax-handler.ts';
import { jsonHandler } from '../json/json-handler.ts';
import { matlabHandler } from '../matlab/matlab-handler.ts';
import { mlflowHandler } from '../mlflow/mlflow-handler.ts';
import { npyHandler } from '../numpy/npy-handler.ts';
import { npzHandler } from '../numpy/npz-handler.ts';
import { onnxHandler } from '../onnx/onnx-handler.ts';
import { joblibHandler } from '../pickle/joblib-handler.ts';
import { pickleHandler } from '../pickle/pickle-handler.ts';
import { scikitLearnHandler } from '../pickle/scikit-learn-handler.ts';
import { pytorchHandler } from '../pytorch/pytorch-handler.ts';
import { safetensorsHandler } from '../safetensors/safetensors-handler.ts';
import { tensorflowHandler } from '../tensorflow/tensorflow-handler.ts';
import { binaryHandler } from './binary-handler.ts';
import type { FormatHandler } from './format-handler.ts';

/**
 * The formats that Holdfast knows, in the order in which they are asked: signatures before
 * structures, and a special form before the general one that it is written in.
 */
export const standardHandlers: readonly FormatHandler[] = [
  safetensorsHandler,
  npyHandler,
  npzHandler,
  pytorchHandler,
  matlabHandler,
  hdf5Handler,
  onnxHandler,
  jsonHandler,
  jaxHandler,
  joblibHandler,
  scikitLearnHandler,
  pickleHandler,
  mlflowHandler,
  tensorflowHandler,
  huggingfaceHandler,
  binaryHandler,
];
