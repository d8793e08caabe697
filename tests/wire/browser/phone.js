// A phone in a browser, on SIP.js: registers, calls, answers every call, and says what it hears. The test drives it
// through the functions of `phone`.
import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from "/sip.js/index.js";

// A steady tone is noise to a microphone's clean-up.
const constraints = {
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  video: false,
};
const options = { sessionDescriptionHandlerOptions: { constraints, iceGatheringTimeout: 500 } };

let agent, registerer, session, analyser;
const context = new AudioContext();

function until(emitter, wanted) {
  return new Promise((resolve) => {
    emitter.addListener((state) => wanted.includes(state) && resolve(state));
  });
}

function listen() {
  const { peerConnection } = session.sessionDescriptionHandler;
  const stream = new MediaStream(peerConnection.getReceivers().map((receiver) => receiver.track));
  document.getElementById("ear").srcObject = stream;  // Chromium decodes only what is played
  analyser = context.createAnalyser();
  analyser.fftSize = 4096;
  context.createMediaStreamSource(stream).connect(analyser);
  context.resume();
}

async function established(waiting) {
  if (session.state !== SessionState.Established) {
    const state = await waiting;
    if (state !== SessionState.Established) return state;
  }
  listen();
  return SessionState.Established;
}

window.phone = {
  async register(server, number, domain, password) {
    agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${number}@${domain}`),
      transportOptions: { server },
      authorizationUsername: number,
      authorizationPassword: password,
      logBuiltinEnabled: false,
      delegate: {
        onInvite(invitation) {
          session = invitation;
          invitation.accept(options).then(listen);
        },
      },
    });
    await agent.start();
    registerer = new Registerer(agent);
    const done = until(registerer.stateChange, [RegistererState.Registered, RegistererState.Unregistered]);
    await registerer.register();
    return done;
  },

  async call(uri) {
    session = new Inviter(agent, UserAgent.makeURI(uri), options);
    const waiting = until(session.stateChange, [SessionState.Established, SessionState.Terminated]);
    await session.invite();
    return established(waiting);
  },

  state: () => (session ? session.state : "none"),

  hangUp: () => session.bye(),

  // The loudest frequency in Hz, and how loud it is in dB of full scale.
  heard() {
    if (!analyser) return { hertz: 0, level: -200 };
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.reduce((best, level, i) => (level > levels[best] ? i : best), 0);
    return { hertz: (loudest * context.sampleRate) / analyser.fftSize, level: Math.max(levels[loudest], -200) };
  },

  // The server's last offer or answer.
  remote: () => session.sessionDescriptionHandler.peerConnection.remoteDescription.sdp,

  // What the connection has agreed on.
  async transport() {
    const report = await session.sessionDescriptionHandler.peerConnection.getStats();
    const found = [...report.values()].find((entry) => entry.type === "transport");
    return { dtls: found.dtlsState, srtp: found.srtpCipher };
  },
};
