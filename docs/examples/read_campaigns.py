"""Reads campaigns from a running CPRAL with nothing but its address: pip install grpcio grpcio-reflection

    python3 docs/examples/read_campaigns.py 127.0.0.1:4100
"""
import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

channel = grpc.insecure_channel(sys.argv[1])
reflection = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(reflection)


def call(service, method, **fields):
    """Calls a unary method by name; the server's own description says what its messages are."""
    descriptor = pool.FindServiceByName(service).methods_by_name[method]
    request, response = GetMessageClass(descriptor.input_type), GetMessageClass(descriptor.output_type)
    stub = channel.unary_unary(f"/{service}/{method}", request.SerializeToString, response.FromString)
    return MessageToDict(stub(request(**fields), timeout=10), preserving_proto_field_name=True)


for name in sorted(reflection.get_services()):
    print("service", name)

for campaign in call("cpral.v1.PoolRegistry", "ListCampaigns").get("campaigns", []):
    print("campaign", campaign["campaign_id"], campaign["state"], campaign["step"], "cycle", campaign.get("cycle", 0))
    for cycle in call("cpral.v1.PoolRegistry", "ListCycles", campaign_id=campaign["campaign_id"])["cycles"]:
        miou = cycle.get("evaluation", {}).get("miou")
        print("  cycle", cycle.get("cycle", 0), "labelled", f"{cycle['labelled']['fraction']:.3f}", "mIoU", miou)
