export { type LayerName, layers, wiring } from './layers.ts';
export { boundaries } from './boundaries.ts';
export { isPublished } from './published.ts';
export { readWorkspace, type WorkspacePackage } from './workspace.ts';
