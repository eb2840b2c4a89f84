# Appends one event after the other for as long as it is let, and says each success.
# What it does is what the official Python client does: it asks each address who
# leads, writes there by BatchAppend with the header requires-leader, and asks again
# when a call ends with an error.
import os
import sys
import time
import uuid

import grpc

import gossip_pb2_grpc
import shared_pb2
import streams_pb2
import streams_pb2_grpc

addresses = os.environ["NODE_ADDRESSES"].split(",")
LEADER = 8


def leader():
    for address in addresses:
        try:
            with grpc.insecure_channel(address) as channel:
                info = gossip_pb2_grpc.GossipStub(channel).Read(shared_pb2.Empty(), timeout=1)
        except grpc.RpcError:
            continue
        for member in info.members:
            if member.state == LEADER and member.is_alive:
                return f"{member.http_end_point.address}:{member.http_end_point.port}"
    return None


def request(n):
    batch = streams_pb2.BatchAppendReq(correlation_id=shared_pb2.UUID(string=str(uuid.uuid4())), is_final=True)
    batch.options.stream_identifier.stream_name = b"takeover"
    batch.options.any.SetInParent()
    batch.options.deadline.FromSeconds(5)
    event = batch.proposed_messages.add(id=shared_pb2.UUID(string=str(uuid.uuid4())), data=b"{}")
    event.metadata["type"] = "counted"
    event.metadata["content-type"] = "application/json"
    return batch


n = 0
while True:
    address = leader()
    if address is None:
        time.sleep(0.1)
        continue
    with grpc.insecure_channel(address) as channel:
        stub = streams_pb2_grpc.StreamsStub(channel)
        try:
            while True:
                n += 1
                answers = stub.BatchAppend(iter([request(n)]), metadata=[("requires-leader", "true")], timeout=5)
                answer = next(answers)
                if answer.HasField("error"):
                    print(f"{n}: {answer.error.message}", file=sys.stderr, flush=True)
                else:
                    print(f"wrote {n}", flush=True)
                time.sleep(0.05)
        except (grpc.RpcError, StopIteration) as error:
            print(f"{n}: {error}", file=sys.stderr, flush=True)
