// Server reflection, from the descriptors that buf builds: exact files with their imports, under both names that clients ask for.
import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescFile, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type handleBidiStreamingCall, type Server, status } from '@grpc/grpc-js';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionService,
} from '../../../proto/gen/grpc/reflection/v1/reflection.ts';

const DESCRIPTORS = new URL('../../../proto/gen/descriptors.binpb', import.meta.url);
/** Python's client and older ones ask by this name; the messages are the same. */
const OLDER_PATH = '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo';

type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;

export function addReflection(server: Server, services: readonly string[]): void {
  const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));

  const answer = ({ messageRequest }: ServerReflectionRequest): Answer => {
    switch (messageRequest?.$case) {
      case 'listServices':
        return { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } };
      case 'fileByFilename':
        return describe(files.getFile(messageRequest.value), messageRequest.value);
      case 'fileContainingSymbol':
        return describe(fileOf(messageRequest.value), messageRequest.value);
      default:
        return refuse(status.UNIMPLEMENTED, 'extensions are not used here');
    }
  };

  /** A symbol is a type, or a member of one: then its type's file is the file. */
  const fileOf = (symbol: string): DescFile | undefined =>
    files.get(symbol)?.file ?? files.get(symbol.slice(0, Math.max(0, symbol.lastIndexOf('.'))))?.file;

  const info: handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> = (call) => {
    call.on('data', (originalRequest: ServerReflectionRequest) => {
      call.write({ validHost: originalRequest.host, originalRequest, messageResponse: answer(originalRequest) });
    });
    call.on('end', () => call.end());
  };

  const { serverReflectionInfo } = ServerReflectionService;
  const implementation = { serverReflectionInfo: info };
  server.addService(ServerReflectionService, implementation);
  server.addService({ serverReflectionInfo: { ...serverReflectionInfo, path: OLDER_PATH } }, implementation);
}

/** The file with everything that it imports, imports last. */
function describe(file: DescFile | undefined, asked: string): Answer {
  if (!file) return refuse(status.NOT_FOUND, `"${asked}" is not described here`);
  const found = new Set<DescFile>();
  const collect = (each: DescFile) => {
    if (found.has(each)) return;
    found.add(each);
    each.dependencies.forEach(collect);
  };
  collect(file);
  const fileDescriptorProto = [...found].map((each) => toBinary(FileDescriptorProtoSchema, each.proto));
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function refuse(errorCode: number, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}
