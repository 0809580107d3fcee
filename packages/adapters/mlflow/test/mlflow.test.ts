import { withServer } from '@holdfast/tooling-services';
import { describeArtifacts } from './describe-artifacts.ts';
import { describeKit } from './describe-kit.ts';
import { describeNetwork } from './describe-network.ts';
import { MlflowTestServer } from './mlflow-test-server.ts';

/** One server for all: it takes ten seconds to start. */
const opened = await MlflowTestServer.open();

withServer(opened, (server) => {
  describeArtifacts(server);
  describeKit(server);
  describeNetwork(server);
});
