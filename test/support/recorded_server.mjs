// `sumac run` over DynamoDB tables, with what it asks of them remembered.
import { startServer, withTemporaryFolder, writeSpicepod } from './program.mjs';
import { startRecordingProxy } from './recording_proxy.mjs';

// Calls `use` with the server's URL and the proxy between it and `endpoint`; `datasets` as in
// spicepodText, `proxyOptions` as in startRecordingProxy.
export async function withRecordedServer(sumac, endpoint, datasets, use, proxyOptions) {
  const proxy = await startRecordingProxy(endpoint, proxyOptions);
  try {
    await withTemporaryFolder(async (folder) => {
      await writeSpicepod(folder, proxy.url, datasets);
      const server = await startServer(sumac, folder);
      try {
        await use(server.url, proxy);
      } finally {
        await server.stop();
      }
    });
  } finally {
    await proxy.stop();
  }
}
