/** Where editors find the JSON Schema: a file of the published package `@holdfast/contracts`. */
export const schemaUrl = 'https://unpkg.com/@holdfast/contracts/schema/holdfast-1.schema.json';

/** The text of a new configuration file. It says what would hold without it. */
export const configurationTemplate: string = `# yaml-language-server: $schema=${schemaUrl}
#
# Configuration of Holdfast. Relative paths begin in the folder of this file.
# Variables come over it: HOLDFAST_DATABASE_URL, HOLDFAST_STORES_DEFAULT_ROOT, … set the fields of these names.
# \`holdfast config show\` prints what holds and where it comes from, \`holdfast config check\` what is wrong.

version: 1

# Where bytes are kept. Every store has a name (lower-case letters, digits, hyphens) and a folder of its own.
stores:
  default:
    backend: local_filesystem # or memory, which is gone when the program ends
    root: .holdfast/store
    # layout: store # plain: the files of the folder are the objects, for folders that are there already
    # createIfMissing: true # false: a missing store is an error, not an empty one
    # durability: full # data or none: faster, and a power cut can take back the last writes
    # inlineLimitBytes: 16384 # objects up to this size lie in the store's index
    # busyTimeoutMs: 30000 # how long a write waits for other processes that write
  # tracking: # the artifacts of an MLflow server
  #   backend: mlflow
  #   endpoint: https://mlflow.example.org # else MLFLOW_TRACKING_URI
  #   prefix: holdfast/ # the folder of artifacts in which the store lies
  #   token: env:MLFLOW_TRACKING_TOKEN # or username: and password: file:/run/secrets/mlflow
  #   poolSize: 32 # most connections at once
  #   connectTimeoutMs: 5000 # how long a connection may take to stand
  #   answerTimeoutMs: 30000 # how long an answer may take to begin
  #   idleTimeoutMs: 30000 # how long a body may be silent

# The store that is used when none is named.
defaultStore: default

# Where the registry keeps its records of models and versions.
database:
  url: sqlite:.holdfast/registry.db # or memory:, which is gone when the program ends
  # busyTimeoutMs: 10000 # how long a write waits for other processes that write
`;
