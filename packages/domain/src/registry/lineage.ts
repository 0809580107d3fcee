/** How a version came to be, or where it went. */
export const LineageRelation = {
  TrainedOn: 'trained-on',
  ProducedBy: 'produced-by',
  DerivedFrom: 'derived-from',
  DeployedTo: 'deployed-to',
} as const;

export type LineageRelation = (typeof LineageRelation)[keyof typeof LineageRelation];

/** The end of a lineage edge. */
export interface LineageNode {
  readonly kind: 'model-version' | 'dataset-version' | 'training-run' | 'deployment' | 'external';
  /** The record's id, or a URI for what lies outside. */
  readonly id: string;
}

/** One edge of the lineage graph; it can be walked both ways. */
export interface LineageEdge {
  readonly from: LineageNode;
  readonly relation: LineageRelation;
  readonly to: LineageNode;
}
